import { readFileSync } from "node:fs";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { PictureStore } from "../../../functions/pictures.ts";
import { GrabCut } from "../../../functions/segmentation/grabcut.ts";
import { createPeopleSegmenter } from "../../../functions/segmentation/people.ts";
import { loadPersonCutter } from "../../../functions/segmentation/person.ts";
import type { Outcome } from "../../../functions/segmentation/segment.ts";
import { rleOfPolygons } from "../../../schemas/polygon.ts";
import type { Box, RleMask } from "../../../schemas/primitives.ts";
import { columnRuns, encodeColumns, rleBounds, rleDifference, rleIou, rleShared } from "../../../schemas/rle.ts";

/** So narrow that the two boxes share 90 of their 344 columns. */
const [width, height, side] = [640, 512, 512];
const examples = new URL("../../../examples/", import.meta.url);
const { size, polygons } = JSON.parse(readFileSync(new URL("masks/astronaut.json", examples), "utf8")) as {
  size: [number, number];
  polygons: number[][][];
};
const subject = rleOfPolygons({ size, polygons: polygons.map((outer) => [outer.flat()]) });

/** The astronaut's mask on the wide picture, from column `left` on, as drawn or mirrored. */
function placed(left: number, mirrored: boolean): RleMask {
  const columns = Array.from({ length: width }, (): number[] => []);
  for (const { x, top, bottom } of columnRuns(subject))
    columns[left + (mirrored ? side - 1 - x : x)]?.push(top, bottom);
  return encodeColumns(columns, { width, height });
}

/** The astronaut, with her mirror image partly covering her. */
async function twins(): Promise<{ image: string; masks: [RleMask, RleMask]; boxes: [Box, Box] }> {
  const data = new Uint8Array(3 * width * height).fill(216);
  const photo = sharp(readFileSync(new URL("photos/astronaut.png", examples))).removeAlpha();
  const [behind, front] = [placed(0, false), placed(width - side, true)];
  for (const [mask, left, mirrored] of [[behind, 0, false] as const, [front, width - side, true] as const]) {
    const pixels = await (mirrored ? photo.clone().flop() : photo.clone()).raw().toBuffer();
    for (const { x, top, bottom } of columnRuns(mask)) {
      for (let y = top; y < bottom; y++) {
        const from = 3 * (y * side + x - left);
        data.set(pixels.subarray(from, from + 3), 3 * (y * width + x));
      }
    }
  }
  const png = await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  const masks: [RleMask, RleMask] = [rleDifference(behind, front), front];
  const [first, second] = masks.map(rleBounds);
  if (!first || !second) throw new Error("both are visible");
  return { image: `data:image/png;base64,${png.toString("base64")}`, masks, boxes: [first, second] };
}

describe("createPeopleSegmenter", async () => {
  const grabCut = new GrabCut();
  afterAll(() => grabCut.close());
  const { cut: cutPerson } = await loadPersonCutter(grabCut);
  const { image, masks, boxes } = await twins();
  const picture = await new PictureStore().open(image);
  const pause = async () => undefined;
  const maskOf = (outcome: Outcome | undefined) => (outcome && "mask" in outcome ? outcome.mask : null);

  test("divides two people who touch: no shared pixel, and an IoU of 0.8 with what is visible of each", async () => {
    const outcomes = await createPeopleSegmenter(cutPerson, grabCut)(picture, boxes, [], pause);
    const [behind, front] = outcomes.map(maskOf);
    expect(behind && front && rleShared(behind, front)).toBe(0);
    expect(behind && rleIou(behind, masks[0])).toBeGreaterThanOrEqual(0.8);
    expect(front && rleIou(front, masks[1])).toBeGreaterThanOrEqual(0.8);
  });

  test("leaves out the neighbour for whom no mask is wanted", async () => {
    const [only] = await createPeopleSegmenter(cutPerson, grabCut)(picture, [boxes[1]], [boxes[0]], pause);
    const mask = maskOf(only);
    expect(mask && rleIou(mask, masks[1])).toBeGreaterThanOrEqual(0.8);
  });

  test("loses the mask of one person alone when the model fails on its crop", async () => {
    const failing = async (...[of, box]: Parameters<typeof cutPerson>) => {
      if (box === boxes[0]) throw new Error("out of memory");
      return cutPerson(of, box);
    };
    const [behind, front] = await createPeopleSegmenter(failing, grabCut)(picture, boxes, [], pause);
    expect(behind).toBeInstanceOf(Error);
    expect(maskOf(front)).not.toBeNull();
  });

  test("stops when the prediction is stopped while people are divided", async () => {
    let pauses = 0;
    const stopping = async () => {
      if (++pauses > 2) throw new Error("stopped");
    };
    const stopped = createPeopleSegmenter(cutPerson, grabCut)(picture, boxes, [], stopping);
    await expect(stopped).rejects.toThrow("stopped");
  });
});
