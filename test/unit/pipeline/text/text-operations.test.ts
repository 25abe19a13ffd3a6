import { describe, expect, test } from "vitest";
import { ExpandAnswer, MnerAnswer } from "../../../../schemas/stage-routes.ts";
import type { Run } from "../../../../src/pipeline/run.ts";
import { expandEntities, findMentions } from "../../../../src/pipeline/text/text-operations.ts";
import { type Chains, StageError } from "../../../../src/stages/model.ts";
import { mention } from "../../../support/mention.ts";
import { modelOf } from "../../../support/models.ts";
import { encodeRle } from "../../../support/rle.ts";
import { deploymentOf, inRun } from "../../../support/run.ts";

const size = { width: 8, height: 6 };
const box = { xmin: 0.123456, ymin: 0, xmax: 8, ymax: 6 };
const down = { run: () => Promise.reject(new StageError("failed", "failed on this input")) };

const CHAINS: Chains = {
  picture: [],
  caption: [],
  embedding: [],
  knowledge: [],
  mner: [modelOf<"mner">(() => ({ mentions: [mention("Felix", 0, "PER", 0.123456)], problems: [] }))],
  expansion: [modelOf<"expansion">(() => ({ expressions: [{ id: "e1", text: "a cat", method: "llm" }] }))],
  entailment: [
    modelOf<"entailment">(() => ({
      judgements: [{ id: "e1", visible: true, score: 0.98765, method: "m", calibrated: false, reason: null }],
    })),
  ],
  grounding: [
    modelOf<"grounding">(() => ({ groundings: [{ id: "e1", regions: [{ box, score: 0.5, method: "m" }] }] })),
  ],
  segmentation: [
    modelOf<"segmentation">(() => ({
      masks: [
        { id: "r1", mask: encodeRle(new Uint8Array(48).fill(1), size), score: 0.98765, method: "m", reason: null },
      ],
    })),
  ],
};

const ask = <T>(work: (run: Run) => Promise<T>, chains: Partial<Chains> = CHAINS) => inRun(deploymentOf(chains), work);
const entities = [{ id: "e1", text: "Felix", type: "PER" }];
const words = { text: "Felix", tokens: null, labels: "gmner", mentionThreshold: 0, offsetEncoding: "utf-16" } as const;

describe("each stage alone", () => {
  test("findMentions gives the text's mentions, their scores rounded", async () => {
    const answer = await ask((run) => findMentions(words, null, run));
    expect(MnerAnswer.parse({ ...answer, charge: null })).toMatchObject(answer);
    expect(answer.mentions).toMatchObject([{ text: "Felix", start: 0, end: 5, score: 0.1235 }]);
  });

  test("expandEntities gives one expression for each entity, null where the model gave none", async () => {
    const answer = await ask((run) =>
      expandEntities([...entities, { id: "e2", text: "Oscar", type: "PER" }], "", null, run),
    );
    expect(ExpandAnswer.parse({ ...answer, charge: null })).toMatchObject(answer);
    expect(answer.expressions).toEqual([
      { id: "e1", text: "a cat", method: "llm" },
      { id: "e2", text: null, method: null },
    ]);
  });
});

describe("a stage that is down", () => {
  test.each<[stage: keyof Chains, work: (run: Run) => Promise<unknown>]>([
    ["mner", (run) => findMentions(words, null, run)],
    ["expansion", (run) => expandEntities(entities, "", null, run)],
  ])("%s ends the request with its own failure", async (stage, work) => {
    const [model] = CHAINS[stage];
    const answer = ask(work, { ...CHAINS, [stage]: [{ ...model, ...down }] });
    const message = "test:model failed on this input.";
    await expect(answer).rejects.toMatchObject({ code: "stage_failed", message, fields: { stage } });
  });
});
