import { expect, it } from "vitest";
import { idOfPicture, typeNamed } from "../../../../eval/readers/evaluated-file.ts";

it("reads MISC as OTHER, and leaves every other type as it is", () => {
  expect(["MISC", "OTHER", "PER", "sports_team"].map(typeNamed)).toEqual(["OTHER", "OTHER", "PER", "sports_team"]);
});

it("takes the ending from a picture's name alone", () => {
  expect(["71044.jpg", "17_06_1.JPEG", "71044", "a.b"].map(idOfPicture)).toEqual(["71044", "17_06_1", "71044", "a.b"]);
});
