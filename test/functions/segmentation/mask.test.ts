import { describe, expect, test } from "vitest";
import { placeBeyond, placeMask } from "../../../functions/segmentation/mask.ts";
import { rleBounds } from "../../../schemas/rle.ts";

const picture = { width: 100, height: 100 };
const box = { xmin: 20, ymin: 20, xmax: 60, ymax: 60 };
const outer = { xmin: 16, ymin: 16, xmax: 64, ymax: 64 };

describe("placeBeyond", () => {
  test("lets a mask go on beyond a box that is too small", () => {
    const plane = {
      data: Uint8Array.of(0, 1, 1, 0),
      width: 4,
      height: 1,
      box: { xmin: 0, ymin: 18, xmax: 80, ymax: 62 },
    };
    const place = (limit: typeof box) => placeMask(plane, 0.5, picture, limit);
    const mask = placeBeyond(place, outer, box);
    expect(mask && rleBounds(mask)).toMatchObject({ ymin: 16, ymax: 64 });
  });

  test("limits a mask that would not fit its box to as much of the margin as fits", () => {
    const plane = { data: Uint8Array.of(1), width: 1, height: 1, box: { xmin: 0, ymin: 0, xmax: 100, ymax: 100 } };
    const wide = { xmin: 0, ymin: 0, xmax: 80, ymax: 80 };
    const mask = placeBeyond((limit) => placeMask(plane, 0.5, picture, limit), wide, box);
    // 40 x 40 in the box: with a quarter of the margin, 50 x 50, less than 0.8 of it would be inside.
    expect(mask && rleBounds(mask)).toEqual(box);
  });
});
