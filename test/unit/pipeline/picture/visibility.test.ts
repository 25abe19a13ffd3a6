import { describe, expect, test } from "vitest";
import { visibilityOf } from "../../../../src/pipeline/picture/visibility.ts";

describe("visibilityOf", () => {
  const said = (visible: boolean | null, score: number | null) => ({
    id: "e1",
    visible,
    score,
    method: "m",
    calibrated: false,
    reason: null,
  });
  test.each([
    ["keeps the model's decision when there is no threshold", true, 0.2, undefined, true],
    ["says visible when the score is at the threshold", false, 0.5, 0.5, true],
    ["says not visible when the score is below the threshold", true, 0.49, 0.5, false],
    ["turns a no into a yes when the threshold is 0", false, null, 0, true],
    ["keeps a doubt when the threshold is 0", null, null, 0, null],
    ["keeps the model's decision when there is no score", false, null, 0.5, false],
  ])("%s", (_, visible, score, threshold, expected) => {
    const verdict = visibilityOf(said(visible, score), threshold);
    expect(verdict.visible).toBe(expected);
    expect(verdict.visibility.reason === null).toBe(expected !== null);
  });
  test("says undecided when the model left the entity out", () => {
    expect(visibilityOf(undefined, 0)).toMatchObject({
      visible: null,
      visibility: { reason: "undecided", score: null },
    });
  });
});
