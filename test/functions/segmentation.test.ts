import { readFileSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { loadObjectDetector } from "../../functions/detect/objects.ts";
import { PictureStore } from "../../functions/pictures.ts";
import { GrabCut } from "../../functions/segmentation/grabcut.ts";
import { createSegmentation, loadSegmentation } from "../../functions/segmentation/index.ts";
import { fitsBox } from "../../functions/segmentation/mask.ts";
import { rleOfPolygons } from "../../schemas/polygon.ts";
import type { Box, EntityType } from "../../schemas/primitives.ts";
import { rleArea, rleBounds, rleIou } from "../../schemas/rle.ts";
import { SegmentationOutput } from "../../schemas/stages/segmentation.ts";

const context = { signal: new AbortController().signal };
const pictures = new PictureStore();
const segmentation = await loadSegmentation(pictures, {});
const detector = await loadObjectDetector();
const examples = new URL("../../examples/", import.meta.url);
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
  const [best] = (await detector.detect(await pictures.open(image)))
    .filter((found) => found.label === label)
    .toSorted((a, b) => b.score - a.score);
  if (!best) throw new Error(`no ${label}`);
  return best.box;
}

describe("masks from the product's own boxes, against masks drawn by hand", () => {
  test.each([
    ["astronaut.png", "astronaut", "person", "PER", "selfie-segmenter+grabcut"],
    ["chelsea.png", "cat", "cat", "OTHER", "deeplab"],
  ] as const)("%s: IoU of at least 0.85", async (file, name, label, type, method) => {
    const image = photo(file);
    const { mask, score, method: made } = await segment(image, await detected(image, label), type);
    expect(made).toBe(method);
    expect(score).toBeGreaterThan(0.5);
    expect(mask && rleIou(mask, gold(name))).toBeGreaterThanOrEqual(0.85);
  });
});

test("printed text is cut by the text detector's own map", async () => {
  const box = { xmin: 60, ymin: 294, xmax: 440, ymax: 340 };
  const { mask, method, score } = await segment(photo("poster.jpg"), box, "ORG");
  expect(method).toBe("pp-ocrv4");
  expect(score).toBeGreaterThan(0.5);
  expect(mask && fitsBox(mask, box)).toBe(true);
});

test("anything else is cut by its colours, and its score was not computed", async () => {
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
])("a box over %s gives a mask inside it or none, of the picture's size", async (_, box) => {
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

test("warming gives no masks, and what it computed is not computed again", async () => {
  const image = `data:image/png;base64,${(
    await sharp({ create: { width: 90, height: 60, channels: 3, background: "#357" } })
      .png()
      .toBuffer()
  ).toString("base64")}`;
  let warmed = 0;
  const stage = createSegmentation(new PictureStore(), {
    model: "counting",
    version: "1",
    warm: async (picture) => picture.feature("counting", async () => void warmed++),
    segment: async (picture) => {
      await picture.feature("counting", async () => void warmed++);
      return null;
    },
  });
  expect(await stage.run({ image, boxes: [], warm: true }, context)).toMatchObject({ masks: [] });
  await stage.run({ image, boxes: [{ id: "r1", box: { xmin: 0, ymin: 0, xmax: 9, ymax: 9 } }], warm: false }, context);
  expect(warmed).toBe(1);
});

test("a box whose model fails costs its own mask alone", async () => {
  const stage = createSegmentation(new PictureStore(), {
    model: "failing",
    version: "1",
    warm: async () => undefined,
    segment: async (_picture, box) => {
      if (box.xmin > 0) throw new Error("out of memory");
      return { mask: { size: [60, 90], counts: "0" }, score: null, method: "failing" };
    },
  });
  const image = `data:image/png;base64,${(
    await sharp({ create: { width: 90, height: 60, channels: 3, background: "#357" } })
      .png()
      .toBuffer()
  ).toString("base64")}`;
  const boxes = [0, 5].map((xmin) => ({ id: `r${xmin}`, box: { xmin, ymin: 0, xmax: 9, ymax: 9 } }));
  const { masks } = await stage.run({ image, boxes, warm: false }, context);
  expect(masks).toMatchObject([
    { id: "r0", method: "failing", reason: null },
    { id: "r5", mask: null, reason: "stage_failed" },
  ]);
});

describe("GrabCut's worker", () => {
  const job = {
    pixels: new Uint8Array(3 * 256),
    trimap: Uint8Array.from({ length: 256 }, (_, cell) => (cell % 16 < 8 ? 0 : 3)),
    width: 16,
    height: 16,
    iterations: 1,
  };
  const script = (name: string) => new URL(`../support/grabcut/${name}.ts`, import.meta.url);

  test("that crashes fails the cut that ran, and the next cut meets a new worker", async () => {
    const grabCut = new GrabCut(5_000, script("crashes"));
    await expect(grabCut.cut(job)).rejects.toThrow("the worker ended with code 3");
    await expect(grabCut.cut(job)).rejects.toThrow("the worker ended with code 3");
    await grabCut.close();
  });

  test("that hangs is given up", async () => {
    const grabCut = new GrabCut(50, script("hangs"));
    await expect(grabCut.cut(job)).rejects.toThrow();
    await grabCut.close();
  });

  test("that refuses a job still takes the next", async () => {
    const grabCut = new GrabCut();
    await expect(grabCut.cut({ ...job, width: 0, height: 0 })).rejects.toThrow("GrabCut refused");
    expect(await grabCut.cut(job)).toHaveLength(256);
    await grabCut.close();
  });

  test("gives the same cut every time", async () => {
    const grabCut = new GrabCut();
    const pixels = Uint8Array.from({ length: 3 * 256 }, (_, index) => (index * 89 + (index >> 4)) & 0xff);
    const cut = () => grabCut.cut({ ...job, pixels, iterations: 3 });
    const first = await cut();
    expect(await cut()).toEqual(first);
    await grabCut.close();
  });
});
