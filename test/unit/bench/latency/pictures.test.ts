import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decodePosts, noisyPicture } from "../../../../bench/latency/pictures.ts";

const EXAMPLES = resolve(import.meta.dirname, "../../../../examples");

describe("decodePosts", () => {
  it("decodes the picture of every example post to RGB", async () => {
    const posts = await decodePosts(EXAMPLES);
    expect(posts.length).toBeGreaterThan(10);
    for (const { text, pixels, info } of posts) {
      expect(text).not.toBe("");
      expect(info.channels).toBe(3);
      expect(pixels.length).toBe(info.width * info.height * 3);
    }
  });

  it("throws when the folder has no posts", async () => {
    const folder = await mkdtemp(join(tmpdir(), "bench-"));
    await expect(decodePosts(folder)).rejects.toThrow("has no posts");
    await rm(folder, { recursive: true });
  });
});

describe("noisyPicture", () => {
  it("has other bytes when the index is another, and the same when it is the same", async () => {
    const [post] = await decodePosts(EXAMPLES);
    if (!post) throw new Error("there are no examples");
    const [first, again, second] = await Promise.all([0, 0, 1].map((index) => noisyPicture(index, post)));
    expect(first).toEqual(again);
    expect(first?.equals(second ?? Buffer.of())).toBe(false);
  });

  it("shows the same picture, but for a few levels", async () => {
    const info = { width: 16, height: 16, channels: 3 } as const;
    const flat = { text: "t", fileName: "p.png", pixels: Buffer.alloc(16 * 16 * 3, 128), info };
    const pixels = await sharp(await noisyPicture(3, flat))
      .raw()
      .toBuffer();
    for (const value of pixels) expect(Math.abs(value - 128)).toBeLessThan(6);
  });
});
