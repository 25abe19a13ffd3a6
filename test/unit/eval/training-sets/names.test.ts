import { expect, it } from "vitest";
import { foldName, pictureNameOf } from "../../../../eval/training-sets/names.ts";

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

it("names the picture of a post by the id that the data set has", () => {
  expect(["7", "7#2", "17_06_1"].map(pictureNameOf)).toEqual(["7.jpg", "7.jpg", "17_06_1.jpg"]);
});
