import { expect, test } from "vitest";
import { joinDoubleNames } from "../../../../functions/mner/double-names.ts";
import { wordsOf } from "../../../../functions/mner/words.ts";

const person = (from: number, to: number, probability = 0.9) => ({ from, to, type: "PER", probability }) as const;

test.each([
  [
    "a full name and a second surname",
    "Alex Oxlade-Chamberlain",
    [person(0, 2), person(3, 4, 0.7)],
    [person(0, 4, 0.7)],
  ],
  ["the hyphen inside the first", "Alex Oxlade-Chamberlain", [person(0, 3), person(3, 4)], [person(0, 4)]],
  ["a double first name", "Mary-Kate Olsen", [person(0, 1), person(2, 4)], [person(0, 4)]],
  ["two full names", "Ann Lee-Bob Ray", [person(0, 2), person(3, 5)], [person(0, 2), person(3, 5)]],
  ["two people", "Trump-Biden", [person(0, 1), person(2, 3)], [person(0, 1), person(2, 3)]],
  ["a hyphen between spaces", "Ann Lee - Bob", [person(0, 2), person(3, 4)], [person(0, 2), person(3, 4)]],
])("%s", (_, text, spans, expected) => {
  expect(joinDoubleNames(spans, wordsOf(text))).toEqual(expected);
});
