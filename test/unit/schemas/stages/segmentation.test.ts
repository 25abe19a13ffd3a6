import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { STAGE_EXAMPLES } from "../../../../schemas/stages/examples.ts";
import { SegmentationOutput } from "../../../../schemas/stages/segmentation.ts";

const { output } = STAGE_EXAMPLES.segmentation;
const [whole] = output.masks;
const withMasks = (count: number, size: readonly number[], length: number) => ({
  ...output,
  masks: Array(count).fill({ ...whole, mask: { size, counts: "0".repeat(length) } }),
});

describe("SegmentationOutput", () => {
  test.each<[masks: string, output: object, isValid: boolean]>([
    ["the longest mask", withMasks(1, [8, 8], LIMITS.maskLength), true],
    ["a longer mask", withMasks(1, [8, 8], LIMITS.maskLength + 1), false],
    ["masks that are too long together", withMasks(6, [8, 8], LIMITS.masksLength / 5), false],
    ["one mask for each box", withMasks(LIMITS.stageBoxes, [8, 8], LIMITS.masksLength / LIMITS.stageBoxes), true],
    ["more masks than boxes", withMasks(LIMITS.stageBoxes + 1, [8, 8], 1), false],
    ["a mask as large as the largest picture", withMasks(1, [5_000, 5_000], 1), true],
    ["a larger mask", withMasks(1, [5_000, 5_001], 1), false],
    ["a mask with a side of 2^31", withMasks(1, [2 ** 31, 1], 1), false],
    ["a reason that is too long", { ...output, masks: [{ ...whole, reason: "x".repeat(501) }] }, false],
  ])("takes %s: %#", (_, masks, isValid) => {
    expect(SegmentationOutput.safeParse(masks).success).toBe(isValid);
  });
});
