import { expect, test } from "vitest";
import { markedNames, spellOut, withMarkedNames } from "../../../../functions/mner/marked-names.ts";
import { wordsOf, wordsOfTokens } from "../../../../functions/mner/words.ts";

const parts = (text: string) => markedNames(wordsOf(text), false).map((name) => name.parts);

test.each([
  ["@NASA", [["NASA"]]],
  ["#EileenCollins", [["Eileen", "Collins"]]],
  ["#NBA2K17", [["NBA", "2", "K", "17"]]],
  [
    "@tedcruz45 and #new_york",
    [
      ["tedcruz", "45"],
      ["new", "york"],
    ],
  ],
  ["RT @NASA: hi, via @ESA", []],
  ["#2024 @_", []],
  ["# NASA", []],
])("reads the name of %s as words", (text, expected) => {
  expect(parts(text)).toEqual(expected);
});

test("takes a lone mark and the token behind it for a hashtag", () => {
  expect(markedNames(wordsOfTokens(["in", "#", "NewYork"]), true)).toEqual([
    { from: 1, to: 3, parts: ["New", "York"] },
  ]);
});

test("adds a marked name that only the second reading found, and keeps what the first found", () => {
  const words = wordsOf("Ann loves #NewYork and @NASA");
  const names = markedNames(words, false);
  const spelled = spellOut(words, names);
  expect(spelled.words.map(({ text }) => text)).toEqual(["Ann", "loves", "New", "York", "and", "NASA"]);
  const ann = { from: 0, to: 1, type: "PER", probability: 0.9 } as const;
  const second = [
    { from: 2, to: 4, type: "LOC", probability: 0.8 },
    { from: 5, to: 6, type: "ORG", probability: 0.4 },
  ] as const;
  expect(withMarkedNames([ann], names, spelled.places, second)).toEqual([
    ann,
    { from: 2, to: 3, type: "LOC", probability: 0.8 },
  ]);
});
