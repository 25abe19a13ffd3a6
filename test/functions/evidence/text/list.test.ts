import { expect, test } from "vitest";
import { readItems } from "../../../../functions/evidence/text/items.ts";
import { readList, readListBefore } from "../../../../functions/evidence/text/list.ts";

const NAMES = ["Ana", "Berta", "Clara"];
const list = (text: string) => readList(readItems(text, NAMES), 0, () => false);
const before = (text: string) => {
  const items = readItems(text, NAMES);
  return readListBefore(items, items.length, 0);
};

test.each([
  ["Ana, Berta and Clara", [[0], [1], [2]]],
  ["Ana; Berta; Clara", [[0], [1], [2]]],
  ["Ana, Berta; Clara", [[0], [1], [2]]],
  ["Ana, of Lima; Berta, my boss; and Clara", [[0], [1], [2]]],
  ["Ana | Berta | Clara", [[0], [1], [2]]],
  ["Ana &amp; Berta", [[0], [1]]],
  ["Ana Berta", [[0], [1]]],
  ["Ana and me", [[0], null]],
  ["Ana, the cat and Zoe", [[0], null, null]],
  ["Ana, 36, Berta", [[0], [1]]],
  ["Ana, singer, Berta", []],
  ["Ana, Berta, singing", [[0], [1]]],
  ["Ana and Berta, who met Clara", [[0], [1]]],
  ["Ana. Berta", [[0]]],
  ["Dr. Ana, J. Smith", [[0], null]],
  ["Ana, what a night this was for all of us, Berta", [[0]]],
  ["Ana)", [[0]]],
  ["", []],
])("%j lists %j", (text, expected) => {
  expect(list(text)).toEqual(expected);
});

test.each([
  ["Great night with Ana, Berta", [[0], [1]]],
  ["Hi Clara! Ana and Berta", [[0], [1]]],
  ["Clara's party: Ana and my mom", [[0], null]],
  ["Ana and Berta went home", []],
  ["", []],
])("what ends with %j lists %j", (text, expected) => {
  expect(before(text)).toEqual(expected);
});

test("a list ends where it is told to", () => {
  expect(readList(readItems("Ana, Berta, Clara", NAMES), 0, (at) => at === 3)).toEqual([[0], [1]]);
});
