import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { PictureStore } from "../../../functions/pictures.ts";
import { createSegmentation, loadSegmentation } from "../../../functions/segmentation/index.ts";
import { bestMask, createSam, samInput, samPrompt, samSize } from "../../../functions/segmentation/sam.ts";
import { loadSamWeights } from "../../../functions/segmentation/sam-weights.ts";
import { rleArea } from "../../../schemas/rle.ts";
import { runContext } from "../../support/run-context.ts";
import { pictureOf } from "../examples.ts";

const tiny = fileURLToPath(new URL("../../support/sam-tiny", import.meta.url));
const environment = { SAM_ENCODER: join(tiny, "encoder.onnx"), SAM_DECODER: join(tiny, "decoder.onnx") };
const context = runContext();

// The expected values follow segment-anything's own ResizeLongestSide and Sam.preprocess.
describe("the encoder's input", () => {
  test.each([
    [
      { width: 512, height: 512 },
      { width: 1024, height: 1024 },
    ],
    [
      { width: 640, height: 427 },
      { width: 1024, height: 683 },
    ],
    [
      { width: 1500, height: 2048 },
      { width: 750, height: 1024 },
    ],
    [
      { width: 1, height: 1000 },
      { width: 1, height: 1024 },
    ],
  ])("scales %j to %j", (size, expected) => {
    expect(samSize(size)).toEqual(expected);
  });

  test("is normalised by channel, and padded with zeros to the right and below", () => {
    const input = samInput({ data: Uint8Array.of(0, 0, 0, 255, 128, 64), width: 2, height: 1 });
    const plane = 1024 * 1024;
    expect(input).toHaveLength(3 * plane);
    expect([0, 1, 2].map((channel) => input[channel * plane])).toEqual(
      [-123.675 / 58.395, -116.28 / 57.12, -103.53 / 57.375].map(Math.fround),
    );
    expect([0, 1, 2].map((channel) => input[channel * plane + 1])).toEqual(
      [(255 - 123.675) / 58.395, (128 - 116.28) / 57.12, (64 - 103.53) / 57.375].map(Math.fround),
    );
    expect([input[2], input[1024], input[3 * plane - 1]]).toEqual([0, 0, 0]);
  });

  test("has a box as two points in the encoder's pixels: top left labelled 2, bottom right 3", () => {
    const prompt = samPrompt(
      { xmin: 64, ymin: 42.7, xmax: 320, ymax: 427 },
      { width: 640, height: 427 },
      { width: 1024, height: 683 },
    );
    expect([...prompt.coordinates].map((value) => Math.round(value * 10) / 10)).toEqual([102.4, 68.3, 512, 683]);
    expect([...prompt.labels]).toEqual([2, 3]);
  });
});

test("bestMask takes the mask with the highest predicted IoU, and keeps its score between 0 and 1", () => {
  const masks = Float32Array.from({ length: 8 }, (_, index) => index);
  expect(bestMask(masks, Float32Array.of(0.1, 0.9, 0.3, 0.2))).toEqual({
    logits: Float32Array.of(2, 3),
    score: Math.fround(0.9),
  });
  expect(bestMask(masks, Float32Array.of(0.1, 1.03, 0.3, 0.2)).score).toBe(1);
  expect(bestMask(masks, Float32Array.of(-0.5, -0.4, -0.9, -0.7)).score).toBe(0);
});

describe("createSam with random weights of the same signature", () => {
  const image = pictureOf("cat");
  const boxes = [
    { id: "r1", box: { xmin: 0, ymin: 0, xmax: 400, ymax: 300 } },
    { id: "r2", box: { xmin: 0, ymin: 5, xmax: 400, ymax: 300 } },
  ];

  test("gives every box a mask of the picture's size, under the manifest's name and not as SAM", async () => {
    const stage = await loadSegmentation(new PictureStore(), environment);
    const { masks, model } = await stage.run({ image, boxes, warm: false }, context);
    expect(model).toBe("test-random-weights");
    expect(masks.map(({ id, method }) => [id, method])).toEqual([
      ["r1", "test-random-weights"],
      ["r2", "test-random-weights"],
    ]);
    expect(JSON.stringify({ masks, model }).toLowerCase()).not.toMatch(/"sam/);
    for (const { mask, score } of masks) {
      expect(mask?.size).toEqual([300, 451]);
      expect(mask && rleArea(mask)).toBeGreaterThan(0);
      // The decoder ranks its third mask best, at 0.8 and a shift by the prompt of less than 0.01.
      expect(score).toBeGreaterThan(0.8);
      expect(score).toBeLessThan(0.82);
    }
  });

  test("embeds a picture once, when warmed or at the first box", async () => {
    const weights = await loadSamWeights(environment);
    if (!weights) throw new Error("the environment names weights");
    let runs = 0;
    const encoder = new Proxy(weights.encoder, {
      get: (target, key) => {
        if (key !== "run") return Reflect.get(target, key, target);
        return (feeds: Parameters<typeof target.run>[0]) => {
          runs++;
          return target.run(feeds);
        };
      },
    });
    const stage = createSegmentation(new PictureStore(), createSam({ ...weights, encoder }));
    expect(await stage.run({ image, boxes: [], warm: true }, context)).toMatchObject({ masks: [] });
    await stage.run({ image, boxes, warm: false }, context);
    await stage.run({ image, boxes, warm: false }, context);
    expect(runs).toBe(1);
  });
});
