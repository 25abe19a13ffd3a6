import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CONVENTIONS, type Convention, countsAs, readBox } from "../../../../src/stages/replies/coordinates.ts";

const SENT = { width: 200, height: 100 };
const WANTED = { xmin: 20, ymin: 30, xmax: 120, ymax: 80 };

describe("readBox", () => {
  const rows: Array<[source: keyof typeof CONVENTIONS, numbers: number[]]> = [
    ["grounding-dino", [20, 30, 120, 80]],
    ["owlvit", [20, 30, 120, 80]],
    ["florence-2", [20, 30, 120, 80]],
    ["florence-2-fal", [20, 30, 100, 50]],
    ["moondream", [0.1, 0.3, 0.6, 0.8]],
    ["qwen2-vl", [100, 300, 600, 800]],
    ["qwen3-vl", [100, 300, 600, 800]],
    ["glm-v", [100, 300, 600, 800]],
    ["gemini", [300, 100, 800, 600]],
    ["kosmos-2", [0.1, 0.3, 0.6, 0.8]],
    ["huggingface-detection", [20, 30, 120, 80]],
    ["fal-sam3", [0.35, 0.55, 0.5, 0.5]],
    ["segment-anything-tryout", [20, 30, 100, 50]],
    ["roboflow", [70, 55, 100, 50]],
    ["ofa", [20, 30, 120, 80]],
    ["ofa-bins", [99.9, 299.7, 599.4, 799.2]],
  ];
  test.each(rows)("returns the same box when it is written in the convention of %s", (source, numbers) => {
    const box = readBox(numbers, CONVENTIONS[source], SENT);
    for (const side of ["xmin", "ymin", "xmax", "ymax"] as const) expect(box?.[side]).toBeCloseTo(WANTED[side], 9);
  });

  test("scales the box when the model wrote it in pixels of a resized picture (qwen2.5-vl)", () => {
    expect(readBox([28, 42, 168, 112], CONVENTIONS["qwen2.5-vl"], SENT, { width: 280, height: 140 })).toEqual(WANTED);
  });

  test("is tested with every convention", () => {
    expect(new Set([...rows.map(([source]) => source), "qwen2.5-vl"])).toEqual(new Set(Object.keys(CONVENTIONS)));
  });

  test.each([
    [null],
    [[1, 2, 3]],
    [["1", 2, 3, 4]],
    [[Number.NaN, 0, 5, 5]],
    [[0, 0, 0, 0]],
    [[50, 50, 20, 80]],
    [[900, 0, 990, 50]],
  ])("returns null when it is given %j", (numbers) => {
    expect(readBox(numbers, CONVENTIONS.owlvit, SENT)).toBeNull();
  });

  test("clamps a box when it reaches outside the picture", () => {
    expect(readBox([-20, -5, 500, 60], CONVENTIONS.owlvit, SENT)).toEqual({ xmin: 0, ymin: 0, xmax: 200, ymax: 60 });
  });

  test("returns a box that keeps its order and lies in the picture, whatever four numbers it is given", () => {
    const number = fc.double({ min: -2_000, max: 2_000, noNaN: true });
    const convention = fc.constantFrom<Convention>(...Object.values(CONVENTIONS));
    fc.assert(
      fc.property(fc.tuple(number, number, number, number), convention, (numbers, written) => {
        const box = readBox(numbers, written, SENT);
        if (box === null) return;
        expect(box.xmin).toBeGreaterThanOrEqual(0);
        expect(box.ymin).toBeGreaterThanOrEqual(0);
        expect(box.xmax).toBeGreaterThan(box.xmin);
        expect(box.ymax).toBeGreaterThan(box.ymin);
        expect(box.xmax).toBeLessThanOrEqual(SENT.width);
        expect(box.ymax).toBeLessThanOrEqual(SENT.height);
      }),
    );
  });
});

describe("countsAs", () => {
  test.each<[source: keyof typeof CONVENTIONS, numbers: [number, number, number, number], counts: boolean]>([
    ["moondream", [-0.05, 0, 1.05, 1], true],
    ["moondream", [0, 0, 1.06, 1], false],
    ["moondream", [20, 30, 120, 80], false],
    ["gemini", [-50, -50, 1050, 1050], true],
    ["gemini", [0, 0, 1060, 1000], false],
    // Pixels of a picture of 200 by 100.
    ["qwen2.5-vl", [-10, -5, 210, 105], true],
    ["qwen2.5-vl", [0, 0, 105, 210], false],
    // x, y, width, height: the corner x + width, y + height lies outside.
    ["segment-anything-tryout", [100, 50, 120, 10], false],
    ["moondream", [Number.NaN, 0, 1, 1], false],
  ])("tells whether a box of %s, %j, can be in its unit: %s", (source, numbers, counts) => {
    expect(countsAs(numbers, CONVENTIONS[source], SENT, 0.05)).toBe(counts);
  });
});
