import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { type Picture, PictureStore } from "../../../functions/pictures.ts";
import { GrabCut } from "../../../functions/segmentation/grabcut.ts";
import type { GrabCutJob } from "../../../functions/segmentation/grabcut-worker.ts";
import { fitsBox } from "../../../functions/segmentation/mask.ts";
import { loadPersonCutter, placePerson } from "../../../functions/segmentation/person.ts";
import { rleOfPolygons } from "../../../schemas/polygon.ts";
import type { Box } from "../../../schemas/primitives.ts";
import { rleIou } from "../../../schemas/rle.ts";
import { goldBox, pictureOf } from "../examples.ts";

const pictures = new PictureStore();
const grabCut = new GrabCut();
const cutter = await loadPersonCutter(grabCut);
const segmentPerson = async (picture: Picture, within: Box) =>
  placePerson(await cutter.cut(picture, within), picture, within);
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

  it("begins a cut that is then made once", async () => {
    const jobs: GrabCutJob[] = [];
    const counting = Object.assign(Object.create(grabCut), {
      cut: (job: GrabCutJob) => {
        jobs.push(job);
        return grabCut.cut(job);
      },
    }) as GrabCut;
    const { begin, cut } = await loadPersonCutter(counting);
    const picture = await new PictureStore().open(pictureOf("astronaut"));
    await begin(picture, box);
    expect(jobs).toHaveLength(1);
    const { data } = await cut(picture, box);
    expect(data).toEqual((await cutter.cut(await new PictureStore().open(pictureOf("astronaut")), box)).data);
    expect(jobs).toHaveLength(1);
  });

  it("makes a cut again whose beginning failed", async () => {
    let fails = true;
    const failing = Object.assign(Object.create(grabCut), {
      cut: (job: GrabCutJob) => (fails ? Promise.reject(new Error("no worker")) : grabCut.cut(job)),
    }) as GrabCut;
    const { begin, cut } = await loadPersonCutter(failing);
    const picture = await new PictureStore().open(pictureOf("astronaut"));
    await begin(picture, box);
    await expect(cut(picture, box)).rejects.toThrow("no worker");
    fails = false;
    expect((await cut(picture, box)).data).toContain(1);
  });

  it("returns null when no person is in the box", async () => {
    expect(
      await segmentPerson(await pictures.open(pictureOf("deep-field")), { ...box, xmax: 300, ymax: 300 }),
    ).toBeNull();
  });
});
