import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { polygonsOfRle, rleOfPolygons } from "../../../../schemas/polygon.ts";
import { fillRings } from "../../../../src/stages/replies/fill-rings.ts";
import { decodeRle, encodeRle } from "../../../support/rle.ts";

const SQUARE = [0, 0, 6, 0, 6, 6, 0, 6];
const HOLE = [2, 2, 4, 2, 4, 4, 2, 4];
const reversed = (ring: readonly number[]) =>
  Array.from({ length: ring.length / 2 }, (_, corner) => ring.slice(ring.length - 2 * corner - 2).slice(0, 2)).flat();
const SIZE = { width: 6, height: 6 };
const count = (rings: number[][], rule: "nonzero" | "evenodd") =>
  decodeRle(fillRings(rings, SIZE, rule)).reduce((sum, pixel) => sum + pixel, 0);

const masks = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([width, height]) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
      .map((data) => encodeRle(data, { width, height })),
  );

describe("fillRings", () => {
  test("leaves a hole open that runs the other way, and by evenodd any hole", () => {
    expect(count([SQUARE, HOLE], "evenodd")).toBe(32);
    expect(count([SQUARE, HOLE], "nonzero")).toBe(36);
    expect(count([SQUARE, reversed(HOLE)], "evenodd")).toBe(32);
    expect(count([SQUARE, reversed(HOLE)], "nonzero")).toBe(32);
  });

  test("gives every mask back from its outline, by both rules", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const [height, width] = mask.size;
        const rings = polygonsOfRle(mask).polygons.flat();
        expect(fillRings(rings, { width, height }, "evenodd")).toEqual(mask);
        // Outer rings run one way and holes the other.
        expect(fillRings(rings, { width, height }, "nonzero")).toEqual(mask);
      }),
      { numRuns: 300 },
    );
  });

  test("gives one ring the pixels of the polygon reader, and by nonzero never fewer", () => {
    const number = fc.double({ min: -5, max: 15, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { minLength: 3, maxLength: 10 }), (corners) => {
        const ring = corners.flat();
        const size = { width: 10, height: 10 };
        const even = fillRings([ring], size, "evenodd");
        expect(even).toEqual(rleOfPolygons({ size: [10, 10], polygons: [[ring]] }));
        const full = decodeRle(fillRings([ring], size, "nonzero"));
        expect(decodeRle(even).every((pixel, index) => pixel <= (full[index] ?? 0))).toBe(true);
      }),
    );
  });

  test("takes the left and upper edge in, and not the right and lower one", () => {
    expect(fillRings([[0.5, 0.5, 2.5, 0.5, 2.5, 2.5, 0.5, 2.5]], { width: 4, height: 4 }, "nonzero")).toEqual(
      encodeRle([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], { width: 4, height: 4 }),
    );
  });

  test("refuses a zigzag of more crossings than a mask may have runs", () => {
    const zigzag = Array.from({ length: 1_000 }, (_, index) => [index % 2 === 0 ? 0 : 2_000, index]).flat();
    expect(() => fillRings([zigzag], { width: 2_000, height: 1_000 }, "nonzero")).toThrow(
      expect.objectContaining({ code: "invalid_output" }),
    );
    expect(LIMITS.maskCounts).toBeLessThan(1_000 * 2_000);
  });

  test("refuses an outline whose mask has too many runs", () => {
    const stripes = (count: number) =>
      Array.from({ length: count }, (_, row) => [0, 2 * row, 200, 2 * row, 200, 2 * row + 1, 0, 2 * row + 1]);
    const size = { width: 200, height: 2_000 };
    expect(() => fillRings(stripes(999), size, "nonzero")).not.toThrow();
    // Each stripe has two runs in each column: 200 columns of 1,000 stripes are all that a mask may have.
    expect(() => fillRings(stripes(1_000), size, "nonzero")).toThrow(
      expect.objectContaining({ code: "invalid_output" }),
    );
  });
});
