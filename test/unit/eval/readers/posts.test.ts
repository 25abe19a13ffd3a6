import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readMasks, readPicture, readPosts } from "../../../../eval/readers/posts.ts";
import { rleArea } from "../../../../schemas/rle.ts";

const FOLDER = fileURLToPath(new URL("../../../../examples", import.meta.url));
const posts = await readPosts(FOLDER);

describe("readPosts", () => {
  it("gives gold spans that the text has, and boxes that are not empty", () => {
    expect(posts.length).toBeGreaterThan(0);
    for (const { name, text, gold } of posts) {
      for (const entity of gold) {
        expect(`${name}: ${text.slice(entity.start, entity.end)}`).toBe(`${name}: ${entity.text}`);
        for (const box of entity.boxes) expect(box.xmin < box.xmax && box.ymin < box.ymax).toBe(true);
      }
    }
  });

  it("refuses a folder when it has no posts", async () => {
    const empty = mkdtempSync(join(tmpdir(), "namesight-eval-"));
    await expect(readPosts(empty)).rejects.toThrow(`${empty} has no posts`);
    rmSync(empty, { recursive: true });
  });
});

describe("readPicture", () => {
  it("gives a data URL of the picture's own media type", async () => {
    for (const post of posts) {
      const type = post.image.endsWith(".png") ? "image/png" : "image/jpeg";
      expect((await readPicture(FOLDER, post)).startsWith(`data:${type};base64,`)).toBe(true);
    }
  });
});

describe("readMasks", () => {
  it("draws the masks that the gold names, by path", async () => {
    const masks = await readMasks(FOLDER, posts);
    expect([...masks.keys()].toSorted()).toEqual(["masks/astronaut.json", "masks/cat.json"]);
    for (const { size, ...mask } of masks.values()) {
      const share = rleArea({ size, ...mask }) / (size[0] * size[1]);
      expect(share > 0.2 && share < 0.9).toBe(true);
    }
  });
});
