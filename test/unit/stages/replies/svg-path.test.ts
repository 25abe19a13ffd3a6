import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rleOfPolygons } from "../../../../schemas/polygon.ts";
import type { Box } from "../../../../schemas/primitives.ts";
import { rleArea, rleBounds } from "../../../../schemas/rle.ts";
import { fillRings } from "../../../../src/stages/replies/fill-rings.ts";
import { ringsOfPath } from "../../../../src/stages/replies/svg-path.ts";

const UNIT: Box = { xmin: 0, ymin: 0, xmax: 1, ymax: 1 };
const HUNDRED: Box = { xmin: 0, ymin: 0, xmax: 100, ymax: 100 };
const SIZE = { width: 100, height: 100 };
const areaOf = (path: string) => rleArea(fillRings(ringsOfPath(path, HUNDRED), SIZE, "nonzero"));

const share = fc.integer({ min: -100, max: 1_100 }).map((thousandth) => thousandth / 1_000);
const ring = fc.array(fc.tuple(share, share), { minLength: 3, maxLength: 12 });
const rings = fc.array(ring, { minLength: 1, maxLength: 4 });
const size = fc.record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }) });

/** A polygon as path data: absolute or relative lines. */
function pathOf(corners: readonly (readonly [number, number])[], relative: boolean): string {
  const [first = [0, 0], ...rest] = corners;
  let last = first;
  const lines = rest.map((corner) => {
    const [x, y] = relative ? [corner[0] - last[0], corner[1] - last[1]] : corner;
    last = corner;
    return `${relative ? "l" : "L"}${x} ${y}`;
  });
  return `M${first.join(",")}${lines.join("")}Z`;
}

describe("ringsOfPath", () => {
  test.each<[path: string, rings: number[][]]>([
    ["M0 0L1 0L1 1L0 1Z", [[0, 0, 1, 0, 1, 1, 0, 1]]],
    ["m0,0 1,0 0,1 -1,0 z", [[0, 0, 1, 0, 1, 1, 0, 1]]],
    ["M 0 0 H 1 V 1 H 0 Z", [[0, 0, 1, 0, 1, 1, 0, 1]]],
    ["M0 0h1v1h-1z", [[0, 0, 1, 0, 1, 1, 0, 1]]],
    ["M0 0 1 0 1 1", [[0, 0, 1, 0, 1, 1]]],
    ["M.5.25L1,.5L.75-.25z", [[0.5, 0.25, 1, 0.5, 0.75, -0.25]]],
    ["M5e-1 25e-2 L1e0 +.5 L.75 1.", [[0.5, 0.25, 1, 0.5, 0.75, 1]]],
    ["M,0,0,L,1,0,L,1,1,Z", [[0, 0, 1, 0, 1, 1]]],
    [
      "M0 0L.5 0L0 .5ZM.5 .5L1 .5L.5 1Z",
      [
        [0, 0, 0.5, 0, 0, 0.5],
        [0.5, 0.5, 1, 0.5, 0.5, 1],
      ],
    ],
    // The second ring begins where the first was closed.
    [
      "M.5 .5h.25v.25zl-.25 0 0 -.25z",
      [
        [0.5, 0.5, 0.75, 0.5, 0.75, 0.75],
        [0.5, 0.5, 0.25, 0.5, 0.25, 0.25],
      ],
    ],
    ["M0 0", []],
    ["M0 0ZZZ", []],
    ["M0 0L0 0A0 1 0 0 0 1 0A1 0 0 1 1 1 1", [[0, 0, 0, 0, 1, 0, 1, 1]]],
  ])("reads %s", (path, expected) => {
    expect(ringsOfPath(path, UNIT)).toEqual(expected);
  });

  test("scales each axis to the frame", () => {
    expect(ringsOfPath("M0 0H1V1H0Z", { xmin: 10, ymin: 20, xmax: 30, ymax: 25 })).toEqual([
      [10, 20, 30, 20, 30, 25, 10, 25],
    ]);
  });

  test("mirrors the control point of S and T, and takes the current point where no such curve comes before", () => {
    const same = (a: string, b: string) => {
      const [first, second] = [ringsOfPath(a, HUNDRED).flat(), ringsOfPath(b, HUNDRED).flat()];
      expect(first.length).toBe(second.length);
      for (const [index, number] of first.entries()) expect(number).toBeCloseTo(second[index] ?? Number.NaN, 9);
    };
    same("M0 .5C.1 .1 .4 .1 .5 .5S.9 .9 1 .5Z", "M0 .5C.1 .1 .4 .1 .5 .5C.6 .9 .9 .9 1 .5Z");
    same("M0 .5Q.25 0 .5 .5T1 .5Z", "M0 .5Q.25 0 .5 .5Q.75 1 1 .5Z");
    same("M0 .5S.4 .1 .5 .5Z", "M0 .5C0 .5 .4 .1 .5 .5Z");
    same("M0 .5C.1 .1 .4 .1 .5 .5T1 .5Z", "M0 .5C.1 .1 .4 .1 .5 .5Q.5 .5 1 .5Z");
    same("M0 .5c.1 -.4 .4 -.4 .5 0s.4 .4 .5 0z", "M0 .5C.1 .1 .4 .1 .5 .5S.9 .9 1 .5Z");
    same("M0 .5q.25 -.5 .5 0t.5 0z", "M0 .5Q.25 0 .5 .5T1 .5Z");
    same("M0 .5a.5 .5 0 0 1 1 0z", "M0 .5A.5 .5 0 01 1 .5Z");
    same("M0 .5a.5.5 0 011 0z", "M0 .5A.5 .5 0 0 1 1 .5Z");
  });

  test.each<[what: string, path: string, area: number]>([
    ["a circle of two arcs", "M0 .5A.5 .5 0 0 1 1 .5A.5 .5 0 0 1 0 .5Z", Math.PI * 50 * 50],
    ["a circle of one large arc, without its segment", "M.5 0A.5 .5 0 1 1 0 .5Z", Math.PI * 2500 * 0.75 + 1250],
    ["a quarter of it by the small arc", "M.5 0A.5 .5 0 0 0 0 .5Z", Math.PI * 625 - 1250],
    ["an ellipse that is turned by 90 degrees", "M.5 0A.5 .25 90 0 1 .5 1A.5 .25 90 0 1 .5 0Z", Math.PI * 50 * 25],
    ["radii that are too small for their ends", "M0 .5A.1 .1 0 0 1 1 .5A.1 .1 0 0 1 0 .5Z", Math.PI * 2500],
    ["a circle of four cubic curves", circle(), Math.PI * 2500],
    ["two parabolas", "M0 .5Q.5 -.5 1 .5Q.5 1.5 0 .5Z", (2 * (2 / 3) * 100 * 100) / 2],
  ])("draws %s with its area", (_, path, area) => {
    expect(Math.abs(areaOf(path) - area)).toBeLessThan(0.01 * 10_000);
  });

  test("gives the mask of the polygon reader for every polygon", () => {
    fc.assert(
      fc.property(rings, size, (polygon, { width, height }) => {
        const frame = { xmin: 0, ymin: 0, xmax: width, ymax: height };
        const pixels = polygon.map((corners) => corners.flatMap(([x, y]) => [x * width, y * height]));
        const path = polygon.map((corners) => pathOf(corners, false)).join(" ");
        const expected = rleOfPolygons({ size: [height, width], polygons: [pixels] });
        expect(fillRings(ringsOfPath(path, frame), { width, height }, "evenodd")).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test("gives relative lines the corners of absolute ones", () => {
    fc.assert(
      fc.property(ring, (corners) => {
        const [absolute = []] = ringsOfPath(pathOf(corners, false), HUNDRED);
        const [relative = []] = ringsOfPath(pathOf(corners, true), HUNDRED);
        expect(relative.length).toBe(absolute.length);
        for (const [index, number] of relative.entries()) expect(number).toBeCloseTo(absolute[index] ?? Number.NaN, 6);
      }),
    );
  });

  test("never sets a pixel outside the box around the corners, whatever curves there are", () => {
    const inside = fc.integer({ min: 0, max: 1_000 }).map((thousandth) => thousandth / 1_000);
    const curve = fc.tuple(...Array.from({ length: 6 }, () => inside));
    fc.assert(
      fc.property(fc.array(curve, { minLength: 1, maxLength: 8 }), (curves) => {
        const frame = { xmin: 20, ymin: 30, xmax: 60, ymax: 50 };
        const path = `M.5 .5${curves.map((numbers) => `C${numbers.join(" ")}`).join("")}Z`;
        const bounds = rleBounds(fillRings(ringsOfPath(path, frame), SIZE, "nonzero"));
        expect(bounds?.xmin ?? 20).toBeGreaterThanOrEqual(20);
        expect(bounds?.ymin ?? 30).toBeGreaterThanOrEqual(30);
        expect(bounds?.xmax ?? 60).toBeLessThanOrEqual(60);
        expect(bounds?.ymax ?? 50).toBeLessThanOrEqual(50);
      }),
    );
  });

  test.each([[""], ["   "]])("gives no ring for the empty path %j", (path) => {
    expect(ringsOfPath(path, UNIT)).toEqual([]);
  });

  test.each([
    ["L0 0", "does not begin with M"],
    ["0 0", "something else"],
    ["M0", "too few numbers"],
    ["M0 0L1", "too few numbers"],
    ["M0 0C1 1 1 1 1", "too few numbers"],
    ["M0 0A1 1 0 2 0 1 1", "too few numbers"],
    ["M0 0L1 1 url(#a)", "something else"],
    ["M0 0L1 1<script>", "something else"],
    ["M0 0Z1 1", "something else"],
    ["M0 0L1 1…", "something else"],
    ["M0 0L300 200", "not in shares"],
    ["M0 0L-1 0", "not in shares"],
    ["M0 0L1e999 0", "not in shares"],
    ["M0 0C0 1 1 1 2 1", "not in shares"],
    ["M0 0C1e308 1e308 -1e308 1e308 1 1", "not in shares"],
  ])("refuses %s", (path, detail) => {
    expect(() => ringsOfPath(path, UNIT)).toThrow(
      expect.objectContaining({ code: "invalid_output", detail: expect.stringContaining(detail) }),
    );
  });

  test("refuses a path of more corners than a mask may have, before they fill the memory", () => {
    const curves = "C1 0 0 1 1 1C0 1 1 0 0 0".repeat(8_000);
    expect(() => ringsOfPath(`M0 0${curves}`, { xmin: 0, ymin: 0, xmax: 2_048, ymax: 2_048 })).toThrow(
      expect.objectContaining({ code: "invalid_output", detail: expect.stringContaining("too many corners") }),
    );
  });

  test("ends for every text, with rings or with a refusal", () => {
    const letters = fc.constantFrom(..."MmLlHhVvCcSsQqTtAaZz0123456789.,- +e");
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 60 }), (text) => {
        try {
          for (const found of ringsOfPath(text, UNIT)) expect(found.every(Number.isFinite)).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ name: "StageError", code: "invalid_output" });
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

/** A circle around the middle of the frame (the usual constant for a quarter as a cubic curve). */
function circle(): string {
  const k = 0.5 * 0.5522847498;
  return [
    "M.5 0",
    `C${0.5 + k} 0 1 ${0.5 - k} 1 .5`,
    `C1 ${0.5 + k} ${0.5 + k} 1 .5 1`,
    `S0 ${0.5 + k} 0 .5`,
    `S${0.5 - k} 0 .5 0Z`,
  ].join("");
}
