import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nameWithin } from "../../../../src/stages/mner/name-ends.ts";
import { anyText } from "../../../support/name-texts.ts";

const NAMES = [
  "Paris",
  "Eileen Collins",
  "U.S.",
  "Yahoo!",
  "Disney+",
  "A$AP",
  "$TSLA",
  "Zürich",
  "Boston (MA)",
  "북경",
  "747",
];
const SYMBOLS = [
  "1️⃣",
  "#\u20e3",
  "❤️",
  "👩‍🚀",
  "👍🏽",
  "🇫🇷",
  "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  "→",
  "➡️",
  "①",
  "❷",
  "™",
  "•",
  "★",
  ",",
  "“",
  "”",
  '"',
  " ",
  "\u200b",
  "|",
];

describe("nameWithin", () => {
  test("leaves out symbols before and after a name, and keeps the name whole", () => {
    const symbols = fc.array(fc.constantFrom(...SYMBOLS), { maxLength: 4 }).map((found) => found.join(""));
    fc.assert(
      fc.property(symbols, fc.constantFrom(...NAMES), symbols, (before, name, after) => {
        expect(nameWithin(before + name + after)).toEqual({ start: before.length, end: before.length + name.length });
      }),
    );
  });

  test("is null without a letter or digit, and does not change what it gave", () => {
    for (const text of ["", "1️⃣", "❤️", "→ ★", "!", "①"]) expect(nameWithin(text)).toBeNull();
    fc.assert(
      fc.property(anyText, (text) => {
        const span = nameWithin(text);
        if (!span) return;
        const name = text.slice(span.start, span.end);
        expect(nameWithin(name)).toEqual({ start: 0, end: name.length });
      }),
    );
  });

  test("takes linear time in a long run of symbols", () => {
    expect(nameWithin(`${"→ ".repeat(200_000)}Paris${" ★".repeat(200_000)}`)).toEqual({ start: 400_000, end: 400_005 });
  });
});
