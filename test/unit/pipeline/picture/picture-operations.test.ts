import { describe, expect, test } from "vitest";
import { EntailAnswer, GroundAnswer, SegmentAnswer } from "../../../../schemas/stage-routes.ts";
import { entailEntities, groundPhrases, segmentBoxes } from "../../../../src/pipeline/picture/picture-operations.ts";
import type { Run } from "../../../../src/pipeline/run.ts";
import { type Chains, StageError } from "../../../../src/stages/model.ts";
import { mention } from "../../../support/mention.ts";
import { modelOf } from "../../../support/models.ts";
import { encodeRle } from "../../../support/rle.ts";
import { deploymentOf, inRun } from "../../../support/run.ts";
import { SMALL_PICTURE } from "../../../support/small-picture.ts";

const picture = SMALL_PICTURE;
const { size } = picture;
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

describe("each stage alone", () => {
  test("entailEntities gives one judgement for each entity, and applies the threshold", async () => {
    const entail = (threshold?: number) =>
      ask((run) => entailEntities(entities, { caption: null, text: null, threshold }, picture, run));
    const answer = await entail();
    expect(EntailAnswer.parse({ ...answer, charge: null })).toMatchObject(answer);
    expect(answer.judgements).toMatchObject([{ id: "e1", visible: true, visibility: { score: 0.9877 } }]);
    expect((await entail(0.99)).judgements).toMatchObject([{ visible: null, visibility: { reason: "undecided" } }]);
  });

  test("groundPhrases gives every candidate in the caller's picture, rounded", async () => {
    const answer = await ask((run) => groundPhrases(entities, null, 0, picture, run));
    expect(GroundAnswer.parse({ ...answer, charge: null })).toMatchObject(answer);
    expect(answer).toMatchObject({
      image: { ...size, sha256: "ab" },
      groundings: [
        { id: "e1", regions: [{ id: "e1-r1", box: { ...box, xmin: 0.12 }, score: 0.5, link: { basis: "model" } }] },
      ],
    });
  });

  test("segmentBoxes gives one mask for each box", async () => {
    const answer = await ask((run) => segmentBoxes([{ id: "r1", box }], "rle", picture, run));
    expect(SegmentAnswer.parse({ ...answer, charge: null })).toMatchObject(answer);
    expect(answer.masks).toMatchObject([
      { id: "r1", box: { ...box, xmin: 0.12 }, mask_score: 0.9877, mask_reason: null },
    ]);
  });
});

describe("a stage that is down", () => {
  test.each<[stage: keyof Chains, work: (run: Run) => Promise<unknown>]>([
    [
      "entailment",
      (run) => entailEntities(entities, { caption: null, text: null, threshold: undefined }, picture, run),
    ],
    ["grounding", (run) => groundPhrases(entities, null, 0, picture, run)],
    ["segmentation", (run) => segmentBoxes([{ id: "r1", box }], "rle", picture, run)],
  ])("%s ends the request with its own failure", async (stage, work) => {
    const [model] = CHAINS[stage];
    const answer = ask(work, { ...CHAINS, [stage]: [{ ...model, ...down }] });
    const message = "test:model failed on this input.";
    await expect(answer).rejects.toMatchObject({ code: "stage_failed", message, fields: { stage } });
  });
});
