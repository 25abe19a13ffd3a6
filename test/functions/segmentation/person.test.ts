import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { type Picture, PictureStore } from "../../../functions/pictures.ts";
import { GrabCut } from "../../../functions/segmentation/grabcut.ts";
import { fitsBox } from "../../../functions/segmentation/mask.ts";
import { loadPersonCutter, placePerson } from "../../../functions/segmentation/person.ts";
import { rleOfPolygons } from "../../../schemas/polygon.ts";
import type { Box } from "../../../schemas/primitives.ts";
import { rleIou } from "../../../schemas/rle.ts";
import { goldBox, pictureOf } from "../examples.ts";

const pictures = new PictureStore();
const grabCut = new GrabCut();
const cutPerson = await loadPersonCutter(grabCut);
const segmentPerson = async (picture: Picture, within: Box) =>
  placePerson(await cutPerson(picture, within), picture, within);
afterAll(() => grabCut.close());

describe("loadPersonCutter", () => {
  const box = goldBox("astronaut", "Eileen Collins");
  const { size, polygons } = JSON.parse(
    readFileSync(new URL("../../../examples/masks/astronaut.json", import.meta.url), "utf8"),
  ) as { size: [number, number]; polygons: number[][][] };
  const gold = rleOfPolygons({ size, polygons: polygons.map((outer) => [outer.flat()]) });

  it("cuts a person out, without a score, with both methods in its name", async () => {
    const segment = await segmentPerson(await pictures.open(pictureOf("astronaut")), box);
    expect(segment?.method).toBe("selfie-segmenter+grabcut");
    expect(segment?.score).toBeNull();
    expect(segment && fitsBox(segment.mask, box)).toBe(true);
    expect(segment && rleIou(segment.mask, gold)).toBeGreaterThanOrEqual(0.85);
  });

  it("returns null when no person is in the box", async () => {
    expect(
      await segmentPerson(await pictures.open(pictureOf("deep-field")), { ...box, xmax: 300, ymax: 300 }),
    ).toBeNull();
  });
});
