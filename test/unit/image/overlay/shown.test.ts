import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { encodeColumns, rleRuns } from "../../../../schemas/rle.ts";
import { shownEntities, shownMasks } from "../../../../src/image/overlay/shown.ts";
import { entityOf, regionOf } from "../../../support/overlay-entity.ts";

const entity = (index: number, count: number) => {
  const regions = Array.from({ length: count }, (_, rank) => regionOf(`r${index}.${rank}`, [0, 0, 1, 1]));
  return entityOf(`e${index}`, `Name ${index}`, "PER", true, regions);
};

describe("shownEntities", () => {
  test("shows all regions of an answer that has few", () => {
    const entities = [entity(1, 3), entity(2, 0)];
    expect(shownEntities(entities)).toEqual({ shown: entities, left: 0 });
  });

  test("shows the best of every entity first when there are too many, and counts those that are left", () => {
    const { shown, left } = shownEntities([entity(1, 100_000), entity(2, 1), entity(3, 0), entity(4, 40)]);
    expect(shown.map(({ regions }) => regions.length)).toEqual([59, 1, 0, 40]);
    expect(shown[0]?.regions.at(-1)?.id).toBe("r1.58");
    expect(left).toBe(100_041 - LIMITS.overlayRegions);
  });
});

describe("shownMasks", () => {
  /** A mask of runs of one pixel, so many in each column. */
  const fine = (width: number, runs: number) =>
    encodeColumns(
      Array.from({ length: width }, () => Array.from({ length: 2 * runs }, (_, edge) => edge)),
      { width, height: 2 * runs },
    );

  test("leaves out the masks beyond the run lengths that a drawing has", () => {
    const mask = fine(100, 200);
    const size = { width: 100, height: 400 };
    const shown = shownMasks(Array(8).fill(mask), size);
    expect(shown.map((each) => each !== null)).toEqual([true, true, true, true, true, false, false, false]);
    const counts = shown.reduce((sum, each) => sum + (each ? 2 * rleRuns(each).length : 0), 0);
    expect(counts).toBeLessThanOrEqual(LIMITS.overlayMaskCounts);
    expect(shownMasks([null, mask], size)).toEqual([null, mask]);
  });

  test("leaves out a mask that has too many runs at the size of the drawing", () => {
    expect(shownMasks([fine(200, 250)], { width: 1_600, height: 1_600 })).toEqual([null]);
  });
});
