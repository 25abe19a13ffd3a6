import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromPieces, spellingsOf } from "../../../../src/stages/mner/word-pieces.ts";

/** GPT-2's table: printable bytes as they are, the others from U+0100 on, in order. */
const PRINTED = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte < 173) || byte > 173;
const BYTES = Array.from({ length: 256 }, (_, byte) => byte);
const OTHERS = BYTES.filter((byte) => !PRINTED(byte));
const byteLevel = (text: string) =>
  Array.from(new TextEncoder().encode(text), (byte) =>
    String.fromCharCode(PRINTED(byte) ? byte : 0x100 + OTHERS.indexOf(byte)),
  ).join("");

test.each([
  [["Eileen", "Coll", "##ins"], "Eileen Collins"],
  [["##soft"], "##soft"],
  [["▁New", "▁Yo", "rk"], "▁New▁York"],
  [["SÃ£", "o", "ĠPaulo"], "SÃ£oĠPaulo"],
])("fromPieces joins %j", (pieces, word) => {
  expect(fromPieces(pieces)).toBe(word);
});

describe("spellingsOf", () => {
  test.each([
    ["▁New▁York", " New York"],
    ["##soft", "soft"],
    ["ĠZÃ¼rich", " Zürich"],
    ["Ġorġ", "Ġorġ"],
    ["Zürich", "Zürich"],
  ])("of %s has %j", (word, spelling) => {
    expect(spellingsOf(word)).toContain(spelling);
  });

  test("has what a byte-level tokeniser wrote", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), (text) => {
        expect(spellingsOf(byteLevel(text))).toContain(text);
      }),
    );
  });
});
