import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createWordPieces, UNKNOWN } from "../../../../functions/mner/word-piece.ts";

describe("word pieces", () => {
  const { encode } = createWordPieces(
    ["[PAD]", "play", "##ing", "##er", "p", "##l", "cafe", "&", "at", "t"].join("\n"),
  );
  test.each([
    ["the longest that fits", "playing", [1, 2]],
    ["lower case, without accents", "CAFÉ", [6]],
    ["punctuation apart", "AT&T", [8, 7, 9]],
    ["unknown when a part has none", "zebra", [UNKNOWN]],
    ["unknown when nothing is left", "\u0301", [UNKNOWN]],
    ["a part of more than 60 letters is unknown", "p".repeat(61), [UNKNOWN]],
  ])("%s", (_, word, ids) => {
    expect(encode(word)).toEqual(ids);
  });

  test("are between 1 and 12 when the word is anything", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (word) => {
        const { length } = encode(word);
        expect(length).toBeGreaterThanOrEqual(1);
        expect(length).toBeLessThanOrEqual(12);
      }),
    );
  });
});
