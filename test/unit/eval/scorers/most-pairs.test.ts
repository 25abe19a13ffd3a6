import { describe, expect, it } from "vitest";
import { mostPairs } from "../../../../eval/scorers/most-pairs.ts";

describe("mostPairs", () => {
  it.each([
    [[], 0],
    [[[]], 0],
    [[[0], [0]], 1],
    [[[0, 1], [0]], 2],
    [[[0, 1], [0, 2], [0]], 3],
    [[[0], [0], [1]], 2],
  ])("pairs %j in %i", (partners, pairs) => {
    expect(mostPairs(partners)).toBe(pairs);
  });
});
