import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MASK_ANY, MASK_UNION } from "../../../../../eval/scorers/protocols/masks.ts";
import type { EvaluatedPost } from "../../../../../schemas/evaluation.ts";
import { rleOfPolygons } from "../../../../../schemas/polygon.ts";
import type { RleMask } from "../../../../../schemas/primitives.ts";
import { entity, post } from "../../../../support/evaluated-posts.ts";

/** A mask of the columns from `left` to before `right`, in a picture 20 wide and 4 high. */
function columns(left: number, right: number): RleMask {
  return rleOfPolygons({ size: [4, 20], polygons: [[[left, 0, right, 0, right, 4, left, 4]]] });
}

const ted = (...masks: Array<RleMask | null>) => post(entity("PER", 0, 1, [], { masks }));
const score = (protocol: typeof MASK_ANY, gold: EvaluatedPost, predicted: EvaluatedPost, maskIou = 0.5) => {
  const { right, ious } = protocol.count(gold, predicted, { task: "smner", maskIou, candidates: null });
  return { right: right.length, ious };
};

describe("MASK_ANY and MASK_UNION", () => {
  it("want an IoU above the threshold", () => {
    for (const protocol of [MASK_ANY, MASK_UNION]) {
      expect(score(protocol, ted(columns(0, 10)), ted(columns(0, 6)))).toEqual({ right: 1, ious: [0.6] });
      expect(score(protocol, ted(columns(0, 10)), ted(columns(0, 5)))).toEqual({ right: 0, ious: [0.5] });
      expect(score(protocol, ted(columns(0, 10)), ted(columns(0, 5)), 0.4).right).toBe(1);
      expect(score(protocol, ted(columns(0, 10)), ted(columns(0, 6)), 0.75).right).toBe(0);
    }
  });

  it("differ where an entity has several masks", () => {
    const gold = ted(columns(0, 4), columns(10, 14));
    expect(score(MASK_ANY, gold, ted(columns(0, 4)))).toEqual({ right: 1, ious: [1] });
    expect(score(MASK_UNION, gold, ted(columns(0, 4)))).toEqual({ right: 0, ious: [0.5] });
    expect(score(MASK_UNION, gold, ted(columns(10, 14), columns(0, 4)))).toEqual({ right: 1, ious: [1] });
    // One mask over all: no single gold mask is like it.
    expect(score(MASK_ANY, ted(columns(0, 4), columns(4, 8)), ted(columns(0, 8))).ious).toEqual([0.5]);
    expect(score(MASK_UNION, ted(columns(0, 4), columns(4, 8)), ted(columns(0, 8))).ious).toEqual([1]);
  });

  it("take no mask on both sides for right, and a box without a mask for no mask", () => {
    const boxAlone = post(entity("PER", 0, 1, [[0, 0, 5, 5]], { masks: [null] }));
    for (const protocol of [MASK_ANY, MASK_UNION]) {
      expect(score(protocol, ted(), boxAlone)).toEqual({ right: 1, ious: [] });
      expect(score(protocol, ted(), ted(columns(0, 4)))).toEqual({ right: 0, ious: [] });
      expect(score(protocol, ted(columns(0, 4)), ted())).toEqual({ right: 0, ious: [0] });
    }
  });

  it("count an IoU of 0 for an entity that was missed or has another type", () => {
    const other = post(entity("ORG", 0, 1, [], { masks: [columns(0, 4)] }));
    expect(score(MASK_ANY, ted(columns(0, 4)), post())).toEqual({ right: 0, ious: [0] });
    expect(score(MASK_ANY, ted(columns(0, 4)), other)).toEqual({ right: 0, ious: [0] });
  });

  it("refuse masks of different sizes, with the post's id", () => {
    const small = rleOfPolygons({ size: [2, 10], polygons: [] });
    expect(() => score(MASK_ANY, ted(columns(0, 4)), ted(small))).toThrow("post 1: masks have different sizes, 20 × 4");
  });

  it("never find less with a lower threshold, and gold in itself always", () => {
    const edge = fc.integer({ min: 1, max: 20 });
    const threshold = fc.double({ min: 0, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(edge, edge, threshold, threshold, (gold, predicted, a, b) => {
        const rightAt = (iou: number) => score(MASK_ANY, ted(columns(0, gold)), ted(columns(0, predicted)), iou).right;
        expect(rightAt(Math.max(a, b))).toBeLessThanOrEqual(rightAt(Math.min(a, b)));
        expect(score(MASK_UNION, ted(columns(0, gold)), ted(columns(0, gold)), a).right).toBe(1);
      }),
    );
  });
});
