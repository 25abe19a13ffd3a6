import { describe, expect, it } from "vitest";
import { scoreMasks } from "../../../../eval/scorers/mask-score.ts";
import type { RleMask } from "../../../../schemas/primitives.ts";
import { boxAt, goldOf, NO, thingAt } from "../../../support/examples-set.ts";
import { encodeRle } from "../../../support/rle.ts";

/** A mask of one row of ten pixels: `"##........"`. */
const row = (pixels: string): RleMask =>
  encodeRle(
    [...pixels].map((pixel) => Number(pixel === "#")),
    { width: pixels.length, height: 1 },
  );

const box = (xmin: number, xmax: number) => ({ ...boxAt(xmin, xmax - xmin), ymax: 1 });
const claim = (from: ReturnType<typeof box>, mask: RleMask | null, mask_score: number | null = null) => {
  return { visible: true, probability: 1, region: { box: from, mask, mask_score, basis: null } };
};

const ANA = thingAt(box(0, 4), { mask: row("####......"), overlaps: true });
const BEN = thingAt(box(4, 8), { mask: row("....####.."), maskName: "ben.json" });
const SIGN = thingAt(box(8, 10), { mask: row("........##"), kind: "print" });
const things = [ANA, BEN, SIGN];

describe("scoreMasks", () => {
  it("measures a mask against the entity's own and against the thing that it lies on", () => {
    const swapped = row("....##....");
    const sign = row(".......###");
    const score = scoreMasks([
      {
        things,
        cases: [
          { gold: goldOf([ANA]), claim: claim(box(4, 8), swapped) },
          { gold: goldOf([BEN]), claim: NO },
          { gold: goldOf([SIGN]), claim: claim(box(8, 10), sign) },
        ],
        masks: [
          { box: box(4, 8), mask: swapped, score: 0.9 },
          { box: box(8, 10), mask: sign, score: null },
        ],
      },
    ]);
    expect(score.things).toEqual({ gold: 2, answered: 1, iou: 0, placed: 1, placed_iou: 0.5 });
    expect(score.overlapping).toEqual({ gold: 1, answered: 1, iou: 0, placed: 0, placed_iou: null });
    expect(score.prints).toMatchObject({ gold: 1, answered: 1, iou: 2 / 3, placed_iou: 2 / 3 });
    expect(score.rank).toEqual({ correlation: null, masks: 1 });
    expect(score.named).toEqual([{ mask: "ben.json", iou: null, posts: 1, answered: 0 }]);
  });

  it("counts a pixel that three masks share once, and masks of the same box as one", () => {
    const mask = (xmin: number, xmax: number, pixels: string) => ({
      box: box(xmin, xmax),
      mask: row(pixels),
      score: null,
    });
    const post = (masks: ReturnType<typeof mask>[]) => ({ things: [], cases: [], masks });
    const three = [mask(0, 4, "####......"), mask(3, 6, "...###...."), mask(2, 8, "...#####..")];
    const { shared } = scoreMasks([
      post(three),
      post([mask(0, 4, "####......"), mask(5, 9, ".....####.")]),
      post([mask(0, 4, "####......"), mask(0, 4, "####......")]),
      post([mask(0, 4, "####......")]),
    ]);
    // Pixels 3, 4 and 5 of eight; then none of eight; the third and fourth post have one mask.
    expect(shared).toEqual({ posts: 2, mean: (3 / 8 + 0) / 2, shared: 3, union: 16 });
  });

  it("ranks mask scores with the IoU of the masks that have one", () => {
    const lying = (pixels: string, score: number | null) => ({ box: box(0, 4), mask: row(pixels), score });
    const masks = [
      lying("####......", 0.9),
      lying("##........", 0.5),
      lying("#.........", null),
      lying("###.......", 0.6),
    ];
    expect(scoreMasks([{ things, cases: [], masks }]).rank).toEqual({ correlation: 1, masks: 3 });
  });
});
