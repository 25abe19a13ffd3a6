import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Box } from "../../../schemas/primitives.ts";
import { type FieldError, ProblemError } from "../../../schemas/problem.ts";
import { boxesInPicture } from "../../../src/request/boxes.ts";

const SIZE = { width: 10, height: 10 };
const FRACTIONS = "looks like fractions from 0 to 1; send pixels: the picture has 10 × 10 pixels";
const boxOf = ([xmin, ymin, xmax, ymax]: [number, number, number, number]): Box => ({ xmin, ymin, xmax, ymax });

function errorsOf(box: Box, size = SIZE): readonly FieldError[] {
  try {
    boxesInPicture([{ box: { xmin: 2, ymin: 2, xmax: 3, ymax: 3 } }, { box }], size);
  } catch (error) {
    if (error instanceof ProblemError) return error.fields.errors ?? [];
  }
  return [];
}

describe("boxesInPicture", () => {
  test("cuts a box to the picture", () => {
    expect(boxesInPicture([{ box: { xmin: -5, ymin: 2, xmax: 20, ymax: 4 } }], SIZE)).toEqual([
      { id: "r1", box: { xmin: 0, ymin: 2, xmax: 10, ymax: 4 } },
    ]);
  });

  test.each<[what: string, edges: [number, number, number, number], detail: string]>([
    ["its corners are swapped", [5, 0, 1, 1], "must have an xmax that is greater than its xmin"],
    ["it is empty", [0, 3, 1, 3], "must have a ymax that is greater than its ymin"],
    ["it has no size at all", [0, 0, 0, 0], "must have an xmax that is greater than its xmin"],
    ["it lies outside the picture", [10, 0, 12, 1], "lies outside the picture: the picture has 10 × 10 pixels"],
    ["it is in fractions", [0.1, 0.25, 0.5, 0.9], FRACTIONS],
    ["it is the whole picture in fractions", [0, 0, 1, 1], FRACTIONS],
    ["it is in fractions, as a corner and sides", [0.6, 0.6, 0.2, 0.3], FRACTIONS],
  ])("refuses a box when %s", (_, edges, detail) => {
    const value = boxOf(edges);
    expect(errorsOf(value)).toMatchObject([{ pointer: "/boxes/1/box", detail, value }]);
  });

  test("takes any box in a picture of few pixels, and one of pixels in any picture", () => {
    expect(boxesInPicture([{ box: boxOf([0, 0, 1, 1]) }], { width: 4, height: 1 })).toHaveLength(1);
    const edge = fc.integer({ min: 0, max: 8 });
    fc.assert(
      fc.property(edge, edge, fc.integer({ min: 2, max: 9 }), fc.integer({ min: 1, max: 9 }), (x, y, width, height) => {
        expect(errorsOf(boxOf([x, y, x + width, y + height]))).toEqual([]);
      }),
    );
  });
});
