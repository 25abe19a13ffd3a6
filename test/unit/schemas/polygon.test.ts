import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { polygonsOfRle, rleOfPolygons } from "../../../schemas/polygon.ts";
import { encodeRle } from "../../../schemas/rle.ts";

/** A mask drawn with characters: "#" is set. */
function drawn(...rows: string[]) {
  const width = rows[0]?.length ?? 0;
  return encodeRle(
    rows.flatMap((row) => [...row].map((character) => Number(character === "#"))),
    { width, height: rows.length },
  );
}

const masks = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([width, height]) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
      .map((data) => encodeRle(data, { width, height })),
  );

/** Twice the signed area; positive for a ring that runs clockwise with y down. */
const area = (ring: readonly number[]) =>
  ring.reduce((sum, value, index) => {
    if (index % 2 === 1) return sum;
    const [x1, y1] = [ring[(index + 2) % ring.length] ?? 0, ring[(index + 3) % ring.length] ?? 0];
    return sum + value * y1 - x1 * (ring[index + 1] ?? 0);
  }, 0);

describe("masks as polygons", () => {
  it("gives every mask back", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        expect(rleOfPolygons(polygonsOfRle(mask))).toEqual(mask);
      }),
      { numRuns: 500 },
    );
  });

  it("winds the outer ring one way and its holes the other, with corners only where the outline turns", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        for (const [outer = [], ...holes] of polygonsOfRle(mask).polygons) {
          expect(area(outer)).toBeGreaterThan(0);
          for (const hole of holes) expect(area(hole)).toBeLessThan(0);
          for (const ring of [outer, ...holes]) {
            for (let corner = 0; corner < ring.length; corner += 2) {
              const [x0, y0, x1, y1, x2, y2] = Array.from(
                { length: 6 },
                (_, step) => ring[(corner + step) % ring.length] ?? 0,
              ) as [number, number, number, number, number, number];
              expect((x1 - x0) * (y2 - y1) - (y1 - y0) * (x2 - x1)).not.toBe(0);
            }
          }
        }
      }),
    );
  });

  it("draws one pixel clockwise", () => {
    expect(polygonsOfRle(drawn("...", ".#.", "...")).polygons).toEqual([[[2, 1, 2, 2, 1, 2, 1, 1]]]);
  });

  it("keeps a hole in its part, and an island in the hole as a part of its own", () => {
    const { polygons } = polygonsOfRle(drawn("#####", "#...#", "#.#.#", "#...#", "#####"));
    expect(polygons.map((rings) => rings.length)).toEqual([2, 1]);
  });

  it("parts pixels that touch at a corner", () => {
    expect(polygonsOfRle(drawn("#.", ".#")).polygons).toHaveLength(2);
  });

  it("gives no polygon for an empty mask", () => {
    expect(polygonsOfRle(drawn("..", ".."))).toEqual({ size: [2, 2], polygons: [] });
    expect(rleOfPolygons({ size: [2, 2], polygons: [] })).toEqual(drawn("..", ".."));
  });

  it("fills polygons with corners between pixels and outside the picture", () => {
    const triangle = { size: [4, 4] as [number, number], polygons: [[[-1, -1, 9, -1, -1, 9]]] };
    expect(rleOfPolygons(triangle)).toEqual(drawn("####", "####", "####", "####"));
    const box = { size: [4, 4] as [number, number], polygons: [[[0.6, 0.4, 3.4, 0.4, 3.4, 2.6, 0.6, 2.6]]] };
    expect(rleOfPolygons(box)).toEqual(drawn(".##.", ".##.", ".##.", "...."));
  });
});
