import { describe, expect, test } from "vitest";
import type { Fault } from "../../../support/hosted/script.ts";
import { greyPng, noisyPng } from "../../../support/png.ts";
import { startModel } from "../harness.ts";
import { box, boxes, delivered, IMAGE, maskOf, maskPng, SENT } from "../mask-fixtures.ts";

const PINNED = "72d58a6b199b075ba3a2c1a0e0951384b819a0f6d99ba6c326727fb464a7c792";
const start = (output: unknown, files = {}, faults: Record<string, Fault[]> = {}) =>
  startModel("segmentation", "replicate:test/yyjim/segment-anything-tryout", {
    replies: { [`replicate ${PINNED}`]: [output] },
    files,
    faults,
  });
const OBJECT = box(4, 2, 9, 8);

test("sends one box in one prediction and reads the mask from the file", async () => {
  const mask = delivered(await maskPng(OBJECT));
  const { run, calls, model } = await start([mask.url], mask.files);
  expect(model).toMatchObject({ batch: 1, takesLinks: true, promptVersion: `1@${PINNED}` });
  expect(model.warms).toBeUndefined();
  expect(await run(boxes(box(3.9, 1.2, 9.1, 8)))).toEqual({
    model: "yyjim/segment-anything-tryout",
    version: PINNED,
    masks: [{ id: "b1", mask: maskOf(OBJECT), score: null, method: "sam", reason: null }],
  });
  const [created, file, ...more] = await calls();
  expect(more).toEqual([]);
  expect(created?.body).toEqual({
    version: PINNED,
    input: { image: IMAGE, box: "[3, 1, 7, 7]", multimask_output: false, mask_only: true },
  });
  expect(file).toMatchObject({ method: "GET", operation: "file" });
  expect(file?.headers).not.toHaveProperty("authorization");
});

test("reads the first file when there are several, as in the published example: mask.0.png, output.png", async () => {
  const [mask, cutOut] = [delivered(await maskPng(OBJECT)), delivered(await noisyPng(20, 12), "output.png")];
  const { run } = await start([mask.url, cutOut.url], { ...mask.files, ...cutOut.files });
  expect((await run(boxes(OBJECT))).masks[0]?.mask).toEqual(maskOf(OBJECT));
});

test("returns a mask as it is when its size is not the picture's", async () => {
  const half = { width: 10, height: 6 };
  const mask = delivered(await maskPng(box(2, 1, 5, 4), half));
  const { run } = await start([mask.url], mask.files);
  expect((await run(boxes(OBJECT))).masks[0]?.mask).toEqual(maskOf(box(2, 1, 5, 4), half));
});

test("sends no request when there is no box", async () => {
  const { run, calls } = await start(["unused"]);
  const nothing = { model: "yyjim/segment-anything-tryout", version: PINNED, masks: [] };
  expect(await run({ ...boxes(), warm: true })).toEqual(nothing);
  expect(await run(boxes())).toEqual(nothing);
  expect(await calls()).toEqual([]);
});

test("refuses two boxes without a request", async () => {
  const { run, calls } = await start(["unused"]);
  await expect(run(boxes(OBJECT, OBJECT))).rejects.toMatchObject({ code: "rejected" });
  expect(await calls()).toEqual([]);
});

describe("an output without a mask", () => {
  test.each([["text"], [{}], [[5]], [[{ mask: "https://replicate.delivery/m.png" }]]])(
    "is an invalid_output when it is %j",
    async (output) => {
      const { run } = await start(output);
      await expect(run(boxes(OBJECT))).rejects.toMatchObject({ code: "invalid_output" });
    },
  );

  test.each([[[]], [null]])("is failed when it is %j", async (output) => {
    const { run } = await start(output);
    await expect(run(boxes(OBJECT))).rejects.toMatchObject({ code: "failed" });
  });

  test.each<[what: string, bytes: () => Promise<Uint8Array>, code: string, detail: string]>([
    ["a PNG that is cut off", async () => (await maskPng(OBJECT)).slice(0, 60), "invalid_output", "not a PNG"],
    ["HTML", async () => new TextEncoder().encode("<html>gone</html>"), "invalid_output", "not a PNG"],
    ["a JPEG", async () => Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), "invalid_output", "a JPEG mask"],
    ["the picture itself", () => noisyPng(20, 12), "invalid_output", "a drawing"],
    ["a black picture", () => greyPng(SENT, () => 0), "nothing_found", "found nothing"],
  ])("is a StageError when its file is %s", async (_, bytes, code, detail) => {
    const mask = delivered(await bytes());
    const { run } = await start([mask.url], mask.files);
    await expect(run(boxes(OBJECT))).rejects.toMatchObject({
      name: "StageError",
      code,
      detail: expect.stringContaining(detail),
    });
  });

  test("is failed when its file no longer exists", async () => {
    const { run } = await start([delivered(new Uint8Array()).url]);
    await expect(run(boxes(OBJECT))).rejects.toMatchObject({
      code: "failed",
      detail: "named an output file that could not be downloaded",
    });
  });

  test.each<[what: string, fault: Fault]>([
    ["cut off", { kind: "cut" }],
    ["forbidden", { kind: "status", status: 403 }],
  ])("is failed when its file is %s", async (_, fault) => {
    const mask = delivered(await maskPng(OBJECT));
    const { run } = await start([mask.url], mask.files, { file: [fault] });
    await expect(run(boxes(OBJECT))).rejects.toMatchObject({ code: "failed" });
  });

  test("is failed when its file's address is not on the public Internet", async () => {
    const { run } = await start(["https://169.254.169.254/mask.png"]);
    await expect(run(boxes(OBJECT))).rejects.toMatchObject({ code: "failed" });
  });
});
