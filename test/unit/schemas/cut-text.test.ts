import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutText } from "../../../schemas/cut-text.ts";

const isWellFormed = (text: string) => !/\p{Surrogate}/u.test(text);

describe("cutText", () => {
  test.each([
    ["", 3, ""],
    ["abc", 3, "abc"],
    ["abcd", 3, "abc…"],
    ["ab🚀", 3, "ab…"],
    ["a🚀b", 3, "a🚀…"],
    ["🚀", 1, "…"],
    ["\ud83dabc", 1, "\ud83d…"],
  ])("cuts %j to %i: %j", (text, length, cut) => {
    expect(cutText(text, length)).toBe(cut);
  });

  test("keeps a beginning of the text that is as long as it can be without half a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 20 }), fc.nat(12), (text, length) => {
        const cut = cutText(text, length);
        const kept = cut === text ? text : cut.slice(0, -1);
        expect(text.startsWith(kept)).toBe(true);
        expect(isWellFormed(kept)).toBe(isWellFormed(text));
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(text.length, length) - 1);
        expect(kept.length).toBeLessThanOrEqual(length);
      }),
    );
  });
});
