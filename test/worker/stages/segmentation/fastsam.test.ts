import { describe, expect, test } from "vitest";
import { greyPng, noisyPng } from "../../../support/png.ts";
import { startModel } from "../harness.ts";
import { box, boxes, delivered, IMAGE, maskOf, maskPng, SENT } from "../mask-fixtures.ts";

const PINNED = "371aeee1ce0c5efd25bbef7a4527ec9e59188b963ebae1eeb851ddc145685c17";
const start = (output: unknown, files = {}) =>
  startModel("segmentation", "replicate:test/casia-iva-lab/fastsam", {
    replies: { [`replicate ${PINNED}`]: [output] },
    files,
  });
const OBJECT = box(4, 2, 9, 8);

test("sends one box in one prediction and reads the mask from the file, with the method fastsam", async () => {
  const mask = delivered(await maskPng(OBJECT), "tmp.out.png");
  const { run, calls, model } = await start(mask.url, mask.files);
  expect(model).toMatchObject({ batch: 1, takesLinks: true });
  expect(await run(boxes(box(3.9, 1.2, 9.1, 8)))).toEqual({
    model: "casia-iva-lab/fastsam",
    version: PINNED,
    masks: [{ id: "b1", mask: maskOf(OBJECT), score: null, method: "fastsam", reason: null }],
  });
  const [created, file, ...more] = await calls();
  expect([file?.operation, more]).toEqual(["file", []]);
  // This model calls the picture input_image. Replicate drops unknown inputs silently.
  expect(created?.body).toEqual({
    version: PINNED,
    input: { input_image: IMAGE, box_prompt: "[3, 1, 7, 7]", image_size: 1024 },
  });
});

test("sends sides of at least one pixel, because zeros mean no box", async () => {
  const mask = delivered(await maskPng(OBJECT));
  const { run, calls } = await start(mask.url, mask.files);
  await run(boxes(box(4.2, 2.1, 4.3, 2.2)));
  expect((await calls())[0]?.body).toMatchObject({ input: { box_prompt: "[4, 2, 1, 1]" } });
});

/** The model's own code draws masks on the picture (github.com/CASIA-IVA-Lab/FastSAM, predict.py). */
describe("a file", () => {
  test("is an invalid_output when it is a photo", async () => {
    const drawing = delivered(await noisyPng(20, 12), "tmp.out.png");
    const { run } = await start(drawing.url, drawing.files);
    await expect(run(boxes(OBJECT))).rejects.toMatchObject({
      code: "invalid_output",
      detail: "answered with a drawing instead of a mask",
    });
  });

  test.each([
    [12, true],
    [13, false],
  ])("is a mask when %i of its 240 pixels are grey: %s", async (grey, isMask) => {
    const smoothed = delivered(await greyPng(SENT, (x, y) => (y * 20 + x < grey ? 128 : y >= 2 && y < 8 ? 255 : 0)));
    const { run } = await start(smoothed.url, smoothed.files);
    const outcome = await run(boxes(OBJECT)).then(
      () => true,
      () => false,
    );
    expect(outcome).toBe(isMask);
  });
});

test.each([[["https://replicate.delivery/a.png"]], [{}], [5]])(
  "throws an invalid_output when the output is %j",
  async (output) => {
    const { run } = await start(output);
    await expect(run(boxes(OBJECT))).rejects.toMatchObject({ code: "invalid_output" });
  },
);

test.each([[""], [null]])("throws failed when the output is %j", async (output) => {
  const { run } = await start(output);
  await expect(run(boxes(OBJECT))).rejects.toMatchObject({ code: "failed" });
});

test("throws a StageError when the file does not exist, is cut off or is a JPEG", async () => {
  const gone = await start(delivered(new Uint8Array()).url);
  await expect(gone.run(boxes(OBJECT))).rejects.toMatchObject({ code: "failed" });
  for (const bytes of [Uint8Array.of(0xff, 0xd8, 0xff), (await maskPng(OBJECT)).slice(0, 50)]) {
    const broken = delivered(bytes);
    const { run } = await start(broken.url, broken.files);
    await expect(run(boxes(OBJECT))).rejects.toMatchObject({ code: "invalid_output" });
  }
});

test("sends no request when there is no box", async () => {
  const { run, calls } = await start("unused");
  expect((await run({ ...boxes(), warm: true })).masks).toEqual([]);
  expect(await calls()).toEqual([]);
});
