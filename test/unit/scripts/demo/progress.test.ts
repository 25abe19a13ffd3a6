import { expect, test } from "vitest";
import { Progress } from "../../../../scripts/demo/progress.ts";

test("says in one line how far a post is", () => {
  const progress = new Progress();
  expect(String(progress)).toBe("reading");
  progress.add({ event: "mention", data: '{"entity":{"id":"e1"}}' });
  progress.add({ event: "mention", data: '{"entity":{"id":"e1"}}' });
  progress.add({ event: "expression", data: "{}" });
  expect(String(progress)).toBe("names 1 · expressions 1");
  progress.add({ event: "mention", data: '{"entity":{"id":"e2"}}' });
  progress.add({ event: "mask", data: "{}" });
  expect(String(progress)).toBe("names 2 · expressions 1 · masks 1");
});
