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
    ["keeps the model's decision when there is no threshold", true, 0.2, undefined, true, true],
    ["says visible when the score is at the threshold and there is a box", false, 0.5, 0.5, true, true],
    ["says visible when the score is at the threshold and nobody asked for boxes", false, 0.5, 0.5, null, true],
    ["keeps a no when the score is at the threshold but there is no box", false, 0.5, 0.5, false, false],
    ["keeps the model's own yes when there is no box", true, 0.9, 0.5, false, true],
    ["says undecided when a yes has a score below the threshold", true, 0.49, 0.5, true, null],
    ["keeps a no when its score is below the threshold", false, 0.1, 0.5, true, false],
    ["keeps a doubt when its score is below the threshold", null, 0.3, 0.5, true, null],
    ["says undecided for a no with candidates when the threshold is 0", false, 0.05, 0, true, null],
    ["keeps a yes when the threshold is 0", true, 0.9, 0, true, true],
    ["keeps a no without candidates when the threshold is 0", false, 0.05, 0, false, false],
    ["says undecided for a yes without a box when the threshold is 0", true, 0.9, 0, false, null],
    ["keeps the model's decision when the threshold is 0 and nobody asked for boxes", true, 0.9, 0, null, true],
    ["keeps a doubt when the threshold is 0", null, null, 0, true, null],
    ["keeps the model's decision when there is no score", false, null, 0.5, true, false],
  ])("%s", (_, visible, score, threshold, hasBox, expected) => {
    const verdict = visibilityOf(said(visible, score), threshold, hasBox, "stage_failed");
    expect(verdict.visible).toBe(expected);
    expect(verdict.visibility.reason === null).toBe(expected !== null);
  });

  test.each([
    ["undecided", null],
    ["stage_failed", "stage_failed"],
    ["over_budget", "over_budget"],
  ] as const)("says %s when no model judged the entity, because of: %s", (reason, missing) => {
    const verdict = visibilityOf(undefined, 0, true, missing);
    expect(verdict).toMatchObject({ visible: null, visibility: { reason, score: null } });
  });
});
