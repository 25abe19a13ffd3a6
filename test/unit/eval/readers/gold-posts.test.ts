import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readGoldPosts } from "../../../../eval/readers/gold-posts.ts";

describe.each(["posts.jsonl", "posts-blind.jsonl"])("eval/data/%s", (file) => {
  const path = new URL(`../../../../eval/data/${file}`, import.meta.url);
  const posts = readGoldPosts(readFileSync(path, "utf8"));

  test("has at least 60 posts, and at least 8 of each kind", () => {
    const kinds = new Set(posts.map(({ kind }) => kind));
    expect(posts.length).toBeGreaterThanOrEqual(60);
    expect(new Set(posts.map(({ id }) => id)).size).toBe(posts.length);
    for (const kind of kinds) expect(posts.filter((post) => post.kind === kind).length, kind).toBeGreaterThanOrEqual(8);
  });

  test.each(posts.map((post) => [post.id, post] as const))("%s: each name is the slice at its span", (_, post) => {
    let end = 0;
    for (const entity of post.entities) {
      expect(post.text.slice(entity.start, entity.end)).toBe(entity.text);
      expect(entity.start).toBeGreaterThanOrEqual(end);
      expect(entity.text).toMatch(/^[^@#\s].*[^\s]$|^[^@#\s]$/su);
      end = entity.end;
    }
  });
});

test("names the line that is not a post", () => {
  expect(() => readGoldPosts('{"id":"1","kind":"plain","text":"","entities":[]}\n\n{"id":2}')).toThrow(/^line 3 /);
});
