import { expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { describeCog } from "../cog-contract.ts";
import { startModel } from "../harness.ts";
import { box, boxes, IMAGE, maskOf, SENT } from "../mask-fixtures.ts";

const OBJECT = box(4, 2, 9, 8);
const mask = { id: "b1", mask: maskOf(OBJECT), score: 0.9, method: "sam", reason: null };
const output = {
  model: "segmenter",
  version: "1",
  masks: [mask, { id: "b2", mask: null, score: null, method: null, reason: "nothing stands out" }],
};

describeCog("segmentation", {
  input: {
    image: IMAGE,
    size: SENT,
    boxes: [
      { id: "b1", box: OBJECT, type: "PER" },
      { id: "b2", box: OBJECT },
    ],
    warm: false,
  },
  output,
  wrong: {
    "a PNG instead of an RLE": { ...output, masks: [{ ...mask, mask: "iVBORw0K" }] },
    "counts as numbers": { ...output, masks: [{ ...mask, mask: { size: [12, 20], counts: [240] } }] },
    "a mask of more pixels than a picture has": {
      ...output,
      masks: [{ ...mask, mask: { size: [2 ** 31, 2 ** 31], counts: "0" } }],
    },
    "runs without end": {
      ...output,
      masks: [{ ...mask, mask: { size: [12, 20], counts: "0".repeat(LIMITS.maskLength + 1) } }],
    },
    "a sentence as the method": { ...output, masks: [{ ...mask, method: "I saw a secret" }] },
    "a mask of size zero": { ...output, masks: [{ ...mask, mask: { size: [0, 0], counts: "" } }] },
    "a score above 1": { ...output, masks: [{ ...mask, score: 1.1 }] },
  },
});

test("sends a request without boxes when that prepares the picture", async () => {
  const { run, calls } = await startModel("segmentation", "cog:test/segmentation", {
    replies: { "cog segmentation": [{ model: "segmenter", version: "1", masks: [] }] },
  });
  expect((await run({ ...boxes(), warm: true })).masks).toEqual([]);
  expect((await calls())[0]?.body).toEqual({ input: { image: IMAGE, size: SENT, boxes: [], warm: true } });
});
