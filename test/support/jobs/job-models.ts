import type { StageName } from "../../../schemas/stages/index.ts";
import { idsIn } from "../../../src/pipeline/split.ts";
import type { Chains, StageInput, StageModel } from "../../../src/stages/model.ts";
import { modelOf } from "../models.ts";
import { encodeRle } from "../rle.ts";

export const JOB_TEXT = "Eileen Collins met Felix";
const BOX = { xmin: 1, ymin: 1, xmax: 6, ymax: 5 };

/**
 * What a model does before it answers; what it rejects with is the attempt's error. `ids` are those of the entities or
 * boxes that it is asked about.
 */
export type Before = (
  stage: StageName,
  options: Parameters<StageModel["run"]>[1],
  ids: readonly string[],
) => Promise<void> | void;

/**
 * Models for JOB_TEXT and a picture of 8 by 6 pixels: both entities are seen, each with one box and one mask. Each
 * model takes one entity a call, so that there are eight calls.
 *
 * @param chance from 0 to 1: by a tenth of it, the scores of text and picture differ from one call to the next
 */
export function jobModels(
  before: Before,
  cancel?: StageModel["cancel"],
  chance: () => number = () => 0,
): Partial<Chains> {
  const model = <Name extends StageName>(stage: Name, answer: (input: StageInput<Name>) => object) =>
    modelOf<Name>(
      async (input, options) => {
        await before(stage, options, idsIn(stage, input as unknown as Partial<StageInput<Name>>));
        return answer(input as unknown as StageInput<Name>);
      },
      { entry: `test:${stage}`, batch: 1, ...(cancel && { cancel }) } as Partial<StageModel<Name>>,
    );
  const span = (text: string) => ({ text, start: JOB_TEXT.indexOf(text), end: JOB_TEXT.indexOf(text) + text.length });
  return {
    mner: [
      model("mner", () => ({
        problems: [],
        mentions: [
          { ...span("Eileen Collins"), type: "PER", score: 0.9 - chance() / 10 },
          { ...span("Felix"), type: "PER", score: 0.8 },
        ],
      })),
    ],
    expansion: [
      model("expansion", ({ entities }) => ({
        expressions: entities.map(({ id, text }) => ({ id, text: `the one called ${text}`, method: "template" })),
      })),
    ],
    entailment: [
      model("entailment", ({ entities }) => ({
        judgements: entities.map(({ id }) => ({
          id,
          visible: true,
          score: 0.9 - chance() / 10,
          method: "yes",
          calibrated: false,
        })),
      })),
    ],
    grounding: [
      model("grounding", ({ entities }) => ({
        groundings: entities.map(({ id }) => ({ id, regions: [{ box: BOX, score: 0.8, method: "box" }] })),
      })),
    ],
    segmentation: [
      model("segmentation", ({ boxes }) => ({
        masks: boxes.map(({ id }) => ({ id, mask: MASK, score: 1, method: "m" })),
      })),
    ],
  };
}

const SIZE = { width: 8, height: 6 };
const MASK = encodeRle(
  Uint8Array.from({ length: 48 }, (_, index) => {
    const [x, y] = [index % 8, Math.floor(index / 8)];
    return Number(x >= BOX.xmin && x < BOX.xmax && y >= BOX.ymin && y < BOX.ymax);
  }),
  SIZE,
);
