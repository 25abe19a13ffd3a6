import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createWordPieces, UNKNOWN } from "../../../../functions/mner/word-piece.ts";

describe("createWordPieces", () => {
  const { encode } = createWordPieces(
    ["[PAD]", "play", "##ing", "##er", "p", "##l", "cafe", "&", "at", "t"].join("\n"),
  );
  test.each([
    ["takes the longest piece that fits", "playing", [1, 2]],
    ["drops case and accents", "CAFÉ", [6]],
    ["separates punctuation", "AT&T", [8, 7, 9]],
    ["gives UNKNOWN when a part has no piece", "zebra", [UNKNOWN]],
    ["gives UNKNOWN when no letter is left", "\u0301", [UNKNOWN]],
    ["gives UNKNOWN when a part has more than 60 letters", "p".repeat(61), [UNKNOWN]],
  ])("%s", (_, word, ids) => {
    expect(encode(word)).toEqual(ids);
  });

  test("gives 1 to 12 pieces for any word", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (word) => {
        const { length } = encode(word);
        expect(length).toBeGreaterThanOrEqual(1);
        expect(length).toBeLessThanOrEqual(12);
      }),
    );
  });
});
