import { expect, test } from "vitest";
import { readItems } from "../../../../functions/evidence/text/items.ts";
import { endsSentence, textAt } from "../../../../functions/evidence/text/stated.ts";

const ends = (text: string) => {
  const items = readItems(text, []);
  return items.flatMap((_, at) => (endsSentence(items, at) ? [at] : []));
};

test.each([
  ["Hi. You", [1]],
  ["Hi! You?", [1, 3]],
  ["Dr. Smith and J. Doe", []],
  ["a\nb", []],
  ["one\n\ntwo", [1]],
])("in %j, sentences end at %j", (text, expected) => {
  expect(ends(text)).toEqual(expected);
});

test("nothing stands outside a text, and its end ends the sentence", () => {
  expect(textAt([], 0)).toBe("");
  expect(endsSentence([], 0)).toBe(true);
});
