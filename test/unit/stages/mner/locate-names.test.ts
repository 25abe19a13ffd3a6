import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fold } from "../../../../src/stages/mner/fold-text.ts";
import { bareName, locateNames } from "../../../../src/stages/mner/locate-names.ts";
import { isInsideWord } from "../../../../src/stages/mner/whole-word.ts";
import { anyText, piece } from "../../../support/name-texts.ts";

const listed = fc.array(fc.record({ text: fc.oneof(piece, anyText), type: fc.constantFrom("PER", "LOC") }), {
  maxLength: 6,
});

describe("locateNames, whatever the text and the names", () => {
  test("returns slices of the text in order: whole words, no overlap, each folding to a listed name", () => {
    fc.assert(
      fc.property(anyText, listed, (text, names) => {
        const known = new Set(names.map((name) => fold(bareName(name.text)).text));
        let end = 0;
        for (const name of locateNames(text, names, null)) {
          expect(name.start).toBeGreaterThanOrEqual(end);
          ({ end } = name);
          expect(text.slice(name.start, name.end)).toBe(name.text);
          expect(known).toContain(fold(name.text).text);
          expect([isInsideWord(text, name.start), isInsideWord(text, name.end)]).toEqual([false, false]);
        }
      }),
    );
  });

  test("returns whole tokens, without the mark of a handle, when the text came as tokens", () => {
    const tokens = fc.array(
      anyText.map((text) => text.replace(/\s/gu, "")).filter((text) => text !== ""),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(tokens, listed, (words, names) => {
        const text = words.join(" ");
        for (const { start, end } of locateNames(text, names, words)) {
          expect(text.slice(0, start)).toMatch(/(?:^|\s)[@#＠＃]*$/u);
          expect(text.slice(end)).toMatch(/^(?:\s|$)/u);
        }
      }),
    );
  });
});

test("finds a name wherever it stands as a word", () => {
  const filler = fc.array(fc.constantFrom("the", "of", "🚀", "¡", "(", "new"), { maxLength: 6 });
  fc.assert(
    fc.property(
      filler,
      filler,
      fc.constantFrom("Eileen Collins", "Zürich", "北京", "O'Hare", "U.S.", "C-3PO"),
      (before, after, name) => {
        const text = [...before, name, ...after].join(" ");
        const [found, ...more] = locateNames(text, [{ text: name, type: "PER" }], null);
        expect(more).toEqual([]);
        expect(found).toMatchObject({ text: name, start: [...before, ""].join(" ").length });
      },
    ),
  );
});

const SYMBOLS = ["1️⃣", "#️⃣", "❤️", "️", "\u20e3", "👩‍🚀", "\u200d🚀", "👍🏽", "🇫🇷", "→", "➡️", "ℹ️", "①", "★"];

describe("locateNames, with symbols that touch a name", () => {
  const name = fc.constantFrom("Paris", "Eileen Collins", "Zürich", "U.S.", "Disney+");
  const symbol = fc.constantFrom("", ...SYMBOLS);

  test("returns the letters of the name, whatever the model lists and however it writes them", () => {
    const spelling = fc.constantFrom<(name: string) => string>(
      (name) => name,
      (name) => name.toUpperCase(),
      (name) => name.normalize("NFD"),
    );
    fc.assert(
      fc.property(symbol, name, symbol, symbol, symbol, spelling, (before, name, after, left, right, spell) => {
        const text = `x ${before}${name}${after} x`;
        const start = 2 + before.length;
        expect(locateNames(text, [{ text: left + spell(name) + right, type: "LOC" }], null)).toEqual([
          { text: name, type: "LOC", start, end: start + name.length },
        ]);
      }),
    );
  });

  test("does not find a digit that is a key", () => {
    expect(locateNames("1️⃣Paris", [{ text: "1", type: "LOC" }], null)).toEqual([]);
  });
});

test("takes linear time when a name is listed 300,000 times", () => {
  const listed = Array.from({ length: 300_000 }, () => ({ text: "Bob", type: "PER" }));
  expect(locateNames("Bob is Bob", listed, null)).toHaveLength(2);
});

test.each([
  ["see #Vienna", ["see", "#Vienna"], { start: 5, end: 11 }],
  ["see @Vienna's", ["see", "@Vienna's"], { start: 5, end: 13 }],
  ["see #Vienna", null, { start: 5, end: 11 }],
])("leaves the mark out of the span when a name in %j has one", (text, tokens, span) => {
  const type = "LOC";
  expect(locateNames(text, [{ text: "Vienna", type }], tokens)).toEqual([
    { ...span, type, text: text.slice(span.start, span.end) },
  ]);
});
