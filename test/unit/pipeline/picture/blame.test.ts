import { expect, test } from "vitest";
import { blamesPicture, isPictureCode } from "../../../../src/pipeline/picture/blame.ts";
import { StageError, type StageErrorCode } from "../../../../src/stages/model.ts";

test.each([
  ["invalid_picture", true, true],
  ["picture_too_many_pixels", true, true],
  ["rejected", false, true],
  ["not_found", false, false],
  ["failed", false, false],
  ["timeout", false, false],
  ["unauthorized", false, false],
] satisfies [StageErrorCode, boolean, boolean][])("%s: says it %s, may mean it %s", (code, says, mayMean) => {
  expect(isPictureCode(code)).toBe(says);
  expect(blamesPicture(new StageError(code, ""))).toBe(mayMean);
});
