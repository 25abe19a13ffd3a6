import { expect, it } from "vitest";
import { idOfPicture, idsInFiles, ofPost, typeNamed } from "../../../../eval/readers/evaluated-file.ts";

it("reads MISC as OTHER, and leaves every other type as it is", () => {
  expect(["MISC", "OTHER", "PER", "sports_team"].map(typeNamed)).toEqual(["OTHER", "OTHER", "PER", "sports_team"]);
});

it("takes the ending from a picture's name alone", () => {
  expect(["71044.jpg", "17_06_1.JPEG", "71044", "a.b"].map(idOfPicture)).toEqual(["71044", "17_06_1", "71044", "a.b"]);
});

it("finds what files have of a post whose id was counted under the id before it was, and its own first", () => {
  expect(["7", "7#2", "a#b", "#2"].map(idsInFiles)).toEqual([["7"], ["7#2", "7"], ["a#b"], ["#2"]]);
  const captions = new Map([
    ["7", "a man"],
    ["8", "a logo"],
    ["8#2", "another"],
  ]);
  expect(["7", "7#2", "7#3", "8#2", "9#2"].map((id) => ofPost(captions, id))).toEqual([
    ...["a man", "a man", "a man", "another", undefined],
  ]);
});
