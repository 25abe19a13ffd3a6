import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { toBase64 } from "../../../../src/image/data-url.ts";
import { readAddress } from "../../../../src/stages/address.ts";
import { createModel } from "../../../../src/stages/index.ts";
import type { ModelRuntime } from "../../../../src/stages/model.ts";
import { LINKED } from "../../../support/picture-ref.ts";
import { base64, blackPng, dataUrl, greyPng } from "../../../support/png.ts";
import { startModel } from "../harness.ts";
import { box, boxes, countsOf, maskOf, maskPng, SENT } from "../mask-fixtures.ts";

const start = (reply: unknown, more = {}) =>
  startModel("segmentation", "huggingface:test/my-segmenter", { replies: { "huggingface ": [reply] }, ...more });
const [LEFT, RIGHT] = [box(1, 1, 7, 11), box(12, 3, 18, 9)];
const asked = async (...all: Array<typeof LEFT>) => ({ ...boxes(...all), image: dataUrl(await blackPng(20, 12)) });
const coco = (set: typeof LEFT) => ({ size: [12, 20], counts: countsOf(set) });

test("sends all boxes in one request and reads the masks (docs/hugging-face-endpoint.md)", async () => {
  const { run, calls, model } = await start([
    { mask: base64(await maskPng(LEFT)), score: 0.9, model: "sam2.1-hiera-large" },
    { mask: coco(RIGHT), score: null },
  ]);
  expect(model).toMatchObject({ batch: Number.POSITIVE_INFINITY, takesLinks: false });
  expect(model.warms).toBeUndefined();
  expect(await run(await asked(LEFT, { ...RIGHT, xmin: 11.5 }))).toEqual({
    model: "my-segmenter",
    version: "unversioned",
    masks: [
      { id: "b1", mask: maskOf(LEFT), score: 0.9, method: "sam2.1-hiera-large", reason: null },
      { id: "b2", mask: maskOf(RIGHT), score: null, method: "box-prompted", reason: null },
    ],
  });
  const [call, ...more] = await calls();
  expect(more).toEqual([]);
  expect(call).toMatchObject({ method: "POST", path: "/huggingface" });
  expect(call?.headers).toMatchObject({ authorization: "Bearer t0ken", "content-type": "application/json" });
  expect(call?.body).toEqual({
    inputs: base64(await blackPng(20, 12)),
    parameters: {
      boxes: [
        [1, 1, 7, 11],
        [11.5, 3, 18, 9],
      ],
    },
  });
});

test.each<[what: string, mask: () => Promise<unknown>]>([
  ["a PNG in a data URL", async () => dataUrl(await maskPng(LEFT))],
  ["COCO's RLE, compressed", async () => maskOf(LEFT)],
  [
    "a smoothed PNG",
    async () => base64(await greyPng(SENT, (x, y) => (x >= 1 && x < 7 && y >= 1 && y < 11 ? 140 : 100))),
  ],
])("reads a mask from %s", async (_, mask) => {
  const { run } = await start([{ mask: await mask() }]);
  expect((await run(await asked(LEFT))).masks).toEqual([
    { id: "b1", mask: maskOf(LEFT), score: null, method: "box-prompted", reason: null },
  ]);
});

test("returns a mask as it is when its size is not the picture's", async () => {
  const half = { width: 10, height: 6 };
  const { run } = await start([{ mask: base64(await maskPng(box(1, 1, 3, 5), half)) }]);
  expect((await run(await asked(LEFT))).masks[0]?.mask).toEqual(maskOf(box(1, 1, 3, 5), half));
});

test("returns null with a reason for a box when its mask is null or empty", async () => {
  const { run } = await start([
    { mask: null, score: 0.3 },
    { mask: coco(RIGHT) },
    { mask: { size: [12, 20], counts: [240] } },
  ]);
  const none = { mask: null, score: null, method: null, reason: "the endpoint gave no mask" };
  expect((await run(await asked(LEFT, RIGHT, LEFT))).masks).toEqual([
    { id: "b1", ...none },
    { id: "b2", mask: maskOf(RIGHT), score: null, method: "box-prompted", reason: null },
    { id: "b3", ...none },
  ]);
});

describe("a reply", () => {
  test.each<[what: string, reply: unknown, code: string]>([
    ["an object", { masks: [] }, "invalid_output"],
    ["fewer masks than boxes", [], "invalid_output"],
    ["more masks than boxes", [{ mask: coco(LEFT) }, { mask: coco(RIGHT) }], "invalid_output"],
    ["an item without a mask", [{ score: 1 }], "invalid_output"],
    ["a score above 1", [{ mask: coco(LEFT), score: 1.2 }], "invalid_output"],
    ["a name with markup", [{ mask: coco(LEFT), model: "<b>sam</b>" }], "invalid_output"],
    ["a link as a mask", [{ mask: "https://example.org/mask.png" }], "invalid_output"],
    ["base64 of HTML", [{ mask: btoa("<html>") }], "invalid_output"],
    ["base64 of a JPEG", [{ mask: btoa("\u00ff\u00d8\u00ff\u00e0") }], "invalid_output"],
    ["an RLE that does not fill its size", [{ mask: { size: [12, 20], counts: [3, 4] } }], "invalid_output"],
    ["no mask for any box", [{ mask: null }], "nothing_found"],
  ])("is a StageError when it has %s", async (_, reply, code) => {
    const { run } = await start(reply);
    await expect(run(await asked(LEFT))).rejects.toMatchObject({ name: "StageError", code });
  });
});

test("throws an invalid_output when the PNG is cut off", async () => {
  const { run } = await start([{ mask: base64((await maskPng(LEFT)).slice(0, 60)) }]);
  await expect(run(await asked(LEFT))).rejects.toMatchObject({
    code: "invalid_output",
    detail: expect.stringContaining("not a PNG"),
  });
});

test("throws not_ready when the endpoint starts, failed when it lacks memory, network when it breaks off", async () => {
  const { run } = await start([{ mask: coco(LEFT) }], {
    faults: {
      huggingface: [
        { kind: "status", status: 503, body: '{"error":"loading","estimated_time":3}' },
        { kind: "status", status: 400, body: '{"error":"CUDA out of memory"}' },
        { kind: "cut" },
      ],
    },
  });
  const input = await asked(LEFT);
  await expect(run(input)).rejects.toMatchObject({ code: "not_ready", retryAfterMs: 3_000 });
  await expect(run(input)).rejects.toMatchObject({ code: "failed" });
  await expect(run(input)).rejects.toMatchObject({ code: "network" });
  expect((await run(input)).masks).toHaveLength(1);
});

test("is refused without an alias, because the router has no such task", () => {
  const address = readAddress("huggingface/owner/name", (name) => ({ HF_TOKEN: "t0ken" })[name] ?? "");
  expect(() => createModel("segmentation", address, {} as ModelRuntime)).toThrow(
    "only reached behind an alias: huggingface:alias/owner/name",
  );
});

test("sends the bytes when the picture has a link", async () => {
  const { run, calls } = await start([{ mask: coco(LEFT) }]);
  await run(boxes(LEFT));
  expect((await calls())[0]?.body).toMatchObject({ inputs: toBase64(LINKED.bytes) });
});

test("sends no request when there is no box", async () => {
  const { run, calls } = await start("unused");
  expect(await run({ ...(await asked()), warm: true })).toEqual({
    model: "my-segmenter",
    version: "unversioned",
    masks: [],
  });
  expect(await calls()).toEqual([]);
});

test.each<[masks: string, one: () => Promise<unknown>, count: number]>([
  [
    "PNGs of too many pixels together",
    async () => base64(await greyPng({ width: 1_000, height: 1_000 }, () => 0)),
    101,
  ],
  [
    "a PNG that is larger than its picture",
    async () => base64(await greyPng({ width: 2_000, height: 1_000 }, () => 255)),
    1,
  ],
  ["runs that are too many together", async () => ({ size: [12, 20], counts: "0".repeat(LIMITS.maskLength) }), 3],
  ["a mask of 2^62 pixels", async () => ({ size: [2 ** 31, 2 ** 31], counts: "0" }), 1],
])("is an invalid_output when the endpoint answers with %s", async (_, one, count) => {
  const mask = await one();
  const { run } = await start(Array.from({ length: count }, () => ({ mask })));
  await expect(run(await asked(...Array.from({ length: count }, () => LEFT)))).rejects.toMatchObject({
    code: "invalid_output",
  });
});
