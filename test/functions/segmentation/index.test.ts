import { expect, test } from "vitest";
import { PictureStore } from "../../../functions/pictures.ts";
import { createSegmentation } from "../../../functions/segmentation/index.ts";
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
    segment: async (picture) => {
      await picture.feature("counting", async () => void warmed++);
      return null;
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
    segment: async (_picture, box) => {
      if (box.xmin > 0) throw new Error("out of memory");
      return { mask: { size: [60, 90], counts: "0" }, score: null, method: "failing" };
    },
  });
  const boxes = [0, 5].map((xmin) => ({ id: `r${xmin}`, box: { xmin, ymin: 0, xmax: 9, ymax: 9 } }));
  const { masks } = await stage.run({ image, boxes, warm: false }, context);
  expect(masks).toMatchObject([
    { id: "r0", method: "failing", reason: null },
    { id: "r5", mask: null, reason: "stage_failed" },
  ]);
});

test("stops between two boxes when the signal aborts", async () => {
  const abort = new AbortController();
  let cuts = 0;
  const stage = createSegmentation(new PictureStore(), {
    model: "counting",
    version: "1",
    warm: async () => undefined,
    segment: async () => {
      cuts++;
      abort.abort(new Error("canceled"));
      return null;
    },
  });
  const box = { xmin: 0, ymin: 0, xmax: 9, ymax: 9 };
  const boxes = ["r1", "r2"].map((id) => ({ id, box }));
  await expect(stage.run({ image, boxes, warm: false }, runContext(abort.signal))).rejects.toThrow("canceled");
  expect(cuts).toBe(1);
});

test("pauses before each box, so that other predictions get their turn", async () => {
  let [pauses, cuts] = [0, 0];
  const stage = createSegmentation(new PictureStore(), {
    model: "counting",
    version: "1",
    warm: async () => undefined,
    segment: async () => {
      expect(pauses).toBe(++cuts);
      return null;
    },
  });
  const box = { xmin: 0, ymin: 0, xmax: 9, ymax: 9 };
  const boxes = Array.from({ length: 25 }, (_, index) => ({ id: `r${index}`, box }));
  await stage.run({ image, boxes, warm: false }, { ...context, pause: async () => void pauses++ });
  expect([pauses, cuts]).toEqual([25, 25]);
});
