import { expect, it } from "vitest";
import { foldName } from "../../../../eval/training-sets/names.ts";

it.each([
  ["@ tedcruz", "tedcruz"],
  ["#EileenCollins", "eileencollins"],
  ["Eileen Collins", "eileencollins"],
  ["＠Ted", "ted"],
  ["AT&amp;T", "at&t"],
  ["Te\u200bd\ufe0f", "ted"],
  ["𝐓𝐞𝐝", "ted"],
  ["Straße", "strasse"],
  ["#", "#"],
])("folds %j to %j", (name, folded) => {
  expect(foldName(name)).toBe(folded);
});
