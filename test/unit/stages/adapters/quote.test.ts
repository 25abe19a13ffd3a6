import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quote } from "../../../../src/stages/adapters/quote.ts";

describe("quote", () => {
  test("writes JSON that parses to the same text, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(JSON.parse(quote(text))).toBe(text);
      }),
    );
  });

  test.each(["<", ">", "`", "|", "[", "]", "\n", "\u202e", "\u2028", "\u{e0041}"])(
    "escapes %j, which could end the quotation or hide text",
    (character) => {
      expect(quote(`a${character}b`)).toMatch(/^"a(?:\\u[0-9a-f]{4}|\\n)+b"$/);
    },
  );
});
