import { readFileSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { loadObjectDetector } from "../../../functions/detect/objects.ts";
import { PictureStore } from "../../../functions/pictures.ts";
import { loadSegmentation } from "../../../functions/segmentation/index.ts";
import { fitsBox } from "../../../functions/segmentation/mask.ts";
import { scaleBox } from "../../../schemas/geometry.ts";
import { rleOfPolygons } from "../../../schemas/polygon.ts";
import type { Box, EntityType } from "../../../schemas/primitives.ts";
import { resizeRle, rleArea, rleBounds, rleIou } from "../../../schemas/rle.ts";
import { SegmentationOutput } from "../../../schemas/stages/segmentation.ts";
import { runContext } from "../../support/run-context.ts";

const context = runContext();
const pictures = new PictureStore();
const segmentation = await loadSegmentation(pictures, {});
const detector = await loadObjectDetector();
const examples = new URL("../../../examples/", import.meta.url);
const photo = (file: string) =>
  `data:image/any;base64,${readFileSync(new URL(`photos/${file}`, examples)).toString("base64")}`;
const gold = (name: string) => {
  const { size, polygons } = JSON.parse(readFileSync(new URL(`masks/${name}.json`, examples), "utf8"));
  return rleOfPolygons({ size, polygons: (polygons as number[][][]).map((outer) => [outer.flat()]) });
};
async function segment(image: string, box: Box, type?: EntityType) {
  const output = await segmentation.run(
    { image, boxes: [{ id: "r1", box, ...(type ? { type } : {}) }], warm: false },
    context,
  );
  const [mask] = SegmentationOutput.parse(output).masks;
  if (!mask) throw new Error("one box, no mask");
  return mask;
}
async function detected(image: string, label: string): Promise<Box> {
  const [best] = (await detector.detect(await pictures.open(image))).objects
    .filter((found) => found.label === label)
    .toSorted((a, b) => b.score - a.score);
  if (!best) throw new Error(`no ${label}`);
  return best.box;
}

describe("masks from detected boxes, against masks drawn by hand", () => {
  test.each([
    ["astronaut.png", "astronaut", "person", "PER", "selfie-segmenter+grabcut"],
    ["chelsea.png", "cat", "cat", "OTHER", "deeplab"],
  ] as const)("reach an IoU of 0.85 in %s", async (file, name, label, type, method) => {
    const image = photo(file);
    const { mask, score, method: made } = await segment(image, await detected(image, label), type);
    expect(made).toBe(method);
    expect(score).toBeNull();
    expect(mask && rleIou(mask, gold(name))).toBeGreaterThanOrEqual(0.85);
  });
});

test.each([
  ["astronaut.png", { xmin: 21, ymin: 16, xmax: 366, ymax: 512 }, "PER"],
  ["chelsea.png", { xmin: 0, ymin: 0, xmax: 400, ymax: 300 }, "OTHER"],
] as const)("gives %s at 4,096 pixels the mask that it has at 1,024", async (file, box, type) => {
  const bytes = readFileSync(new URL(`photos/${file}`, examples));
  const { width } = await sharp(bytes).metadata();
  const masks = [];
  for (const side of [1024, 4096]) {
    const enlarged = await sharp(bytes).resize(side).jpeg({ quality: 92 }).toBuffer();
    const image = `data:image/jpeg;base64,${enlarged.toString("base64")}`;
    masks.push((await segment(image, scaleBox(box, side / width, side / width), type)).mask);
  }
  const [small, large] = masks;
  if (!small || !large) throw new Error("no mask");
  const [height, columns] = large.size;
  expect(rleIou(resizeRle(small, { width: columns, height }), large)).toBeGreaterThanOrEqual(0.95);
});

test("cuts printed text from the text detector's map", async () => {
  const box = { xmin: 60, ymin: 294, xmax: 440, ymax: 340 };
  const { mask, method, score } = await segment(photo("poster.jpg"), box, "ORG");
  expect([method, score]).toEqual(["pp-ocrv4", null]);
  expect(mask && fitsBox(mask, box)).toBe(true);
});

test("cuts by colour, without a score, when no detector finds the object", async () => {
  const box = { xmin: 308, ymin: 127, xmax: 335, ymax: 407 };
  const { mask, method, score } = await segment(photo("rocket.jpg"), box, "OTHER");
  expect([method, score]).toEqual(["grabcut", null]);
  expect(mask && fitsBox(mask, box)).toBe(true);
  // The rocket fills about half of its box: neither a sliver nor the box itself.
  expect(mask && rleArea(mask)).toBeGreaterThan(0.3 * 27 * 280);
  expect(mask && rleArea(mask)).toBeLessThan(0.9 * 27 * 280);
});

test.each([
  ["the corner", { xmin: 0, ymin: 0, xmax: 30, ymax: 30 }],
  ["the other corner", { xmin: 480, ymin: 480, xmax: 512, ymax: 512 }],
  ["1 × 1", { xmin: 200, ymin: 200, xmax: 201, ymax: 201 }],
  ["5 × 5", { xmin: 200, ymin: 200, xmax: 205, ymax: 205 }],
  ["a fraction of a pixel", { xmin: 200.2, ymin: 200.2, xmax: 200.4, ymax: 200.4 }],
  ["everything and more", { xmin: -100, ymin: -100, xmax: 900, ymax: 900 }],
])("gives a mask inside the box, or none, when the box is %s", async (_, box) => {
  const { mask, method, reason } = await segment(photo("astronaut.png"), box, "OTHER");
  if (!mask) expect([method, reason]).toEqual([null, "no_mask"]);
  else {
    expect(mask.size).toEqual([512, 512]);
    const bounds = rleBounds(mask);
    expect(bounds && bounds.xmin >= Math.floor(box.xmin) && bounds.ymin >= Math.floor(box.ymin)).toBe(true);
    expect(
      bounds && bounds.xmax <= Math.ceil(Math.min(512, box.xmax)) && bounds.ymax <= Math.ceil(Math.min(512, box.ymax)),
    ).toBe(true);
  }
});
