import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { groundingsOf, phrasesOf } from "../../../../src/stages/replies/zero-shot-labels.ts";

const BOX = { xmin: 0, ymin: 0, xmax: 1, ymax: 1 };
const phrases = phrasesOf([{ id: "e1" }, { id: "e2" }, { id: "e3" }], ({ id }) => (id === "e3" ? "A flag" : "a cat"));

describe("groundingsOf", () => {
  test("keeps the best boxes of an entity where a detector lists more than it may have", () => {
    const found = Array.from({ length: LIMITS.entityRegions + 10 }, (_, index) => ({
      label: "A cat",
      box: BOX,
      score: index / 1_000,
    }));
    const { groundings } = groundingsOf(phrases, found, "d");
    expect(groundings.map(({ id, regions }) => [id, regions.length])).toEqual([
      ["e1", LIMITS.entityRegions],
      ["e2", LIMITS.entityRegions],
      ["e3", 0],
    ]);
    expect([groundings[0]?.regions[0]?.score, groundings[0]?.regions.at(-1)?.score]).toEqual([0.109, 0.01]);
  });

  test("refuses a label that was not asked for", () => {
    expect(() => groundingsOf(phrases, [{ label: "a dog", box: BOX, score: 1 }], "d")).toThrow("invalid_output");
  });
});
