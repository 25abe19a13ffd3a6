import { expect, test } from "vitest";
import { PictureStore } from "../../../functions/pictures.ts";
import { createSegmentation } from "../../../functions/segmentation/index.ts";
import type { Segment, Segmenter } from "../../../functions/segmentation/segment.ts";
import type { Box } from "../../../schemas/primitives.ts";
import { encodeColumns, rleShared } from "../../../schemas/rle.ts";
import { runContext } from "../../support/run-context.ts";
import { solidPicture } from "../examples.ts";

const context = runContext();
const image = await solidPicture(90, 60);

test("gives no masks when warmed, and does not compute again what warming computed", async () => {
  let warmed = 0;
  const stage = createSegmentation(new PictureStore(), {
    model: "counting",
    version: "1",
    warm: async (picture) => picture.feature("counting", async () => void warmed++),
    segment: async (picture, requests) => {
      await picture.feature("counting", async () => void warmed++);
      return requests.map(() => null);
    },
  });
  expect(await stage.run({ image, boxes: [], warm: true }, context)).toMatchObject({ masks: [] });
  await stage.run({ image, boxes: [{ id: "r1", box: { xmin: 0, ymin: 0, xmax: 9, ymax: 9 } }], warm: false }, context);
  expect(warmed).toBe(1);
});

test("loses the mask of one box alone when the model fails on it", async () => {
  const stage = createSegmentation(new PictureStore(), {
    model: "failing",
    version: "1",
    warm: async () => undefined,
    segment: async (_picture, requests) =>
      requests.map(({ box }) => (box.xmin > 0 ? new Error("out of memory") : { ...maskOf(box), method: "failing" })),
  });
  const boxes = [0, 20].map((xmin) => ({ id: `r${xmin}`, box: { xmin, ymin: 0, xmax: xmin + 9, ymax: 9 } }));
  const { masks } = await stage.run({ image, boxes, warm: false }, context);
  expect(masks).toMatchObject([
    { id: "r0", method: "failing", reason: null },
    { id: "r20", mask: null, reason: "stage_failed" },
  ]);
});

test("fails every mask, and not the prediction, when the model fails on all boxes", async () => {
  const stage = createSegmentation(new PictureStore(), {
    ...segmenterOf(async () => Promise.reject(new Error("out of memory"))),
  });
  const boxes = [{ id: "r1", box: { xmin: 0, ymin: 0, xmax: 9, ymax: 9 } }];
  const { masks } = await stage.run({ image, boxes, warm: false }, context);
  expect(masks).toMatchObject([{ id: "r1", mask: null, reason: "stage_failed" }]);
});

test("stops when the signal aborts during a segmenter's pause", async () => {
  const abort = new AbortController();
  const stage = createSegmentation(
    new PictureStore(),
    segmenterOf(async (_picture, requests, pause) => {
      abort.abort(new Error("canceled"));
      await pause();
      return requests.map(() => null);
    }),
  );
  const boxes = [{ id: "r1", box: { xmin: 0, ymin: 0, xmax: 9, ymax: 9 } }];
  await expect(stage.run({ image, boxes, warm: false }, runContext(abort.signal))).rejects.toThrow("canceled");
});

test("gives each pixel to one mask, and boxes of one thing the same mask", async () => {
  const seen: number[] = [];
  const stage = createSegmentation(
    new PictureStore(),
    segmenterOf(async (_picture, requests) => {
      seen.push(requests.length);
      return requests.map(({ box }) => maskOf(box));
    }),
  );
  const boxes = [
    { id: "r1", box: { xmin: 0, ymin: 0, xmax: 40, ymax: 40 } },
    { id: "r2", box: { xmin: 30, ymin: 0, xmax: 60, ymax: 40 } },
    { id: "r3", box: { xmin: 0, ymin: 0, xmax: 40, ymax: 39 } },
    { id: "r4", box: { xmin: 100, ymin: 0, xmax: 140, ymax: 40 } },
  ];
  const { masks } = await stage.run({ image, boxes, warm: false }, context);
  const [first, second, third, outside] = masks.map(({ mask }) => mask);
  expect(first && second && rleShared(first, second)).toBe(0);
  expect(third).toEqual(first);
  expect(outside).toBeNull();
  expect(seen).toEqual([2]);
});

test("says which mask is hidden by another", async () => {
  const stage = createSegmentation(
    new PictureStore(),
    segmenterOf(async (_picture, requests) => requests.map(({ box }) => maskOf(box))),
  );
  const boxes = [40, 33].map((ymax) => ({ id: `r${ymax}`, box: { xmin: 0, ymin: 0, xmax: 40, ymax } }));
  const { masks } = await stage.run({ image, boxes, warm: false }, context);
  expect(masks).toMatchObject([
    { id: "r40", mask: null, score: null, method: null, reason: "hidden" },
    { id: "r33", reason: null },
  ]);
});

function segmenterOf(segment: Segmenter["segment"]): Segmenter {
  return { model: "test", version: "1", warm: async () => undefined, segment };
}

/** A mask of all pixels of a box, in the picture of 90 × 60 pixels. */
function maskOf(box: Box): Segment {
  const columns = Array.from({ length: 90 }, (_, x) => (x >= box.xmin && x < box.xmax ? [box.ymin, box.ymax] : []));
  return { mask: encodeColumns(columns, { width: 90, height: 60 }), score: null, method: "test" };
}
