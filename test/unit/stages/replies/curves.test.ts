import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arcPoints, cubicPoints, type Point } from "../../../../src/stages/replies/curves.ts";

const point = fc.tuple(
  fc.double({ min: -500, max: 500, noNaN: true }),
  fc.double({ min: -500, max: 500, noNaN: true }),
);
const distance = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** The distance of a point to the line between two others. */
function toLine(at: Point, from: Point, to: Point): number {
  const length = distance(from, to) ** 2;
  const along = (at[0] - from[0]) * (to[0] - from[0]) + (at[1] - from[1]) * (to[1] - from[1]);
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, along / length));
  return distance(at, [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])]);
}

describe("cubicPoints", () => {
  test("keeps within a tenth of a pixel of the curve and ends at its end", () => {
    fc.assert(
      fc.property(fc.tuple(point, point, point, point), (curve) => {
        const lines: Point[] = [curve[0], ...cubicPoints(curve)];
        expect(lines.at(-1)).toEqual(curve[3]);
        for (let step = 0; step <= 40; step++) {
          const t = step / 40;
          const at = (axis: 0 | 1) =>
            (1 - t) ** 3 * curve[0][axis] +
            3 * (1 - t) ** 2 * t * curve[1][axis] +
            3 * (1 - t) * t ** 2 * curve[2][axis] +
            t ** 3 * curve[3][axis];
          const nearest = Math.min(
            ...lines.slice(1).map((to, index) => toLine([at(0), at(1)], lines[index] as Point, to)),
          );
          expect(nearest).toBeLessThan(0.1001);
        }
      }),
    );
  });

  test("is one line where the curve is one", () => {
    expect([
      ...cubicPoints([
        [0, 0],
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
    ]).toEqual([[3, 3]]);
  });
});

describe("arcPoints", () => {
  test("keeps on the circle, at both sides and both lengths", () => {
    for (const [large, sweep, centre, turn] of [
      [0, 1, [0, 0], 90],
      [1, 0, [100, 100], 270],
      [0, 0, [100, 100], 90],
      [1, 1, [0, 0], 270],
    ] as const) {
      // From (0, 100) to (100, 0) both (0, 0) and (100, 100) are centres of a circle of radius 100.
      const from: Point = sweep === large ? [100, 0] : [0, 100];
      const to: Point = sweep === large ? [0, 100] : [100, 0];
      const points: Point[] = [from, ...arcPoints(from, [100, 100, 0, large, sweep], to, 1)];
      const middle = points.every((at) => Math.abs(distance(at, centre) - 100) < 1e-6);
      const other: Point = centre[0] === 0 ? [100, 100] : [0, 0];
      const opposite = points.every((at) => Math.abs(distance(at, other) - 100) < 1e-6);
      expect(middle || opposite).toBe(true);
      const length = points.slice(1).reduce((sum, at, index) => sum + distance(at, points[index] as Point), 0);
      expect(length).toBeCloseTo((turn / 360) * 2 * Math.PI * 100, 0);
      expect(points.at(-1)).toEqual(to);
    }
  });

  test("is a line where a radius is 0 or the ends are one point", () => {
    expect([...arcPoints([0, 0], [0, 1, 0, 0, 1], [1, 1], 100)]).toEqual([[1, 1]]);
    expect([...arcPoints([1, 1], [1, 1, 0, 1, 1], [1, 1], 100)]).toEqual([[1, 1]]);
  });
});
