import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { PictureStore } from "../../functions/pictures.ts";
import { runContext } from "../support/run-context.ts";
import { dataUrl, shareOfWrongValues, turnedDrawing, UPRIGHT } from "./turned-drawing.ts";

const small = sharp({ create: { width: 4, height: 4, channels: 3, background: "#808080" } })
  .png()
  .toBuffer();

describe("PictureStore", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("opens a picture upright when its orientation is %i", async (tag) => {
    const opened = await new PictureStore().open(dataUrl(await turnedDrawing(tag)));
    expect([opened.width, opened.height]).toEqual([60, 40]);
    expect(await shareOfWrongValues(opened.pixels.data)).toBeLessThan(0.05);
  });

  it("decodes a picture once, computes a feature once, and forgets the oldest when the bound is reached", async () => {
    const store = new PictureStore(60 * 40 * 3);
    const [a, b] = [dataUrl(UPRIGHT, "png"), dataUrl(await sharp(UPRIGHT).negate().png().toBuffer(), "png")];
    const first = await store.open(a);
    expect(await store.open(a)).toBe(first);
    let computed = 0;
    const feature = () => first.feature("model", async () => ++computed);
    expect(await Promise.all([feature(), feature()])).toEqual([1, 1]);
    await store.open(b);
    expect(await store.open(a)).not.toBe(first);
  });

  it("gives one caller the picture when another, who asked for it first, is canceled", async () => {
    const store = new PictureStore();
    const abort = new AbortController();
    const source = dataUrl(await sharp(UPRIGHT).flop().png().toBuffer(), "png");
    const first = store.open(source, runContext(abort.signal));
    abort.abort(new Error("canceled"));
    expect((await store.open(source, runContext())).width).toBe(60);
    await first;
  });

  it("counts features, and forgets the oldest pictures when these exceed the bound", async () => {
    const store = new PictureStore(1_000_000);
    for (let index = 0; index < 50; index++) {
      const source = dataUrl(Buffer.concat([await small, Buffer.from(String(index))]), "png");
      const opened = await store.open(source);
      await opened.feature("map", async () => ({ map: { data: new Float32Array(50_000) }, lines: ["text"] }));
      expect(store.size.bytes).toBeLessThanOrEqual(1_000_000 + 200_000);
    }
    // Each has 200,000 bytes of features.
    expect(store.size.pictures).toBeLessThanOrEqual(5);
    expect(store.size.bytes).toBeGreaterThan(200_000);
  });

  it("forgets tiny pictures too, and does not count a picture that did not decode", async () => {
    const store = new PictureStore(100_000);
    for (let index = 0; index < 200; index++) {
      await store.open(dataUrl(Buffer.concat([await small, Buffer.from(String(index))]), "png"));
      await expect(store.open(dataUrl(Buffer.from(`no picture ${index}`), "png"))).rejects.toThrow("invalid_picture");
    }
    expect(store.size.pictures).toBeLessThan(60);
    expect(store.size.bytes).toBeLessThanOrEqual(100_000);
  });

  it("does not count features that are computed after a picture was forgotten", async () => {
    const store = new PictureStore(30_000);
    const first = await store.open(dataUrl(UPRIGHT, "png"));
    for (let index = 0; index < 30; index++)
      await store.open(dataUrl(Buffer.concat([await small, Buffer.from(String(index))]), "png"));
    const before = store.size.bytes;
    await first.feature("late", async () => new Float32Array(100_000));
    expect(store.size.bytes).toBe(before);
  });

  it("computes a feature again when it failed", async () => {
    const opened = await new PictureStore().open(dataUrl(UPRIGHT, "png"));
    await expect(opened.feature("model", () => Promise.reject(new Error("busy")))).rejects.toThrow("busy");
    expect(await opened.feature("model", async () => "ready")).toBe("ready");
  });

  it("keeps the caller's size, and pixels of at most 2,048, when the picture is larger", async () => {
    const large = sharp({ create: { width: 3000, height: 30, channels: 3, background: "#808080" } });
    const opened = await new PictureStore().open(dataUrl(await large.png().toBuffer(), "png"));
    expect([opened.width, opened.height]).toEqual([3000, 30]);
    expect([opened.pixels.width, opened.pixels.height]).toEqual([2048, 20]);
  });

  it("cuts a part out in the caller's coordinates", async () => {
    const opened = await new PictureStore().open(dataUrl(UPRIGHT, "png"));
    const { data } = await opened.resized(1, 1, { xmin: 40, ymin: 20, xmax: 50, ymax: 30 });
    expect([...data]).toEqual([0, 0, 255]);
  });
});
