import fc from "fast-check";
import { expect, test } from "vitest";
import { STAGE_NAMES } from "../../../schemas/stages/index.ts";
import { stageTime } from "../../../src/pipeline/stage-time.ts";

const SMNER = new Set(["mner", "expansion", "entailment", "grounding", "segmentation"] as const);

test("a stage leaves later steps as much as it has itself, and no more than 5 s each", () => {
  const times = (left: number) => STAGE_NAMES.map((stage) => [stage, stageTime(stage, SMNER, left)]);
  expect(Object.fromEntries(times(30_000))).toMatchObject({
    mner: 30_000,
    expansion: 20_000,
    entailment: 25_000,
    grounding: 25_000,
    segmentation: 30_000,
  });
  expect(Object.fromEntries(times(3_000))).toMatchObject({
    mner: 3_000,
    expansion: 1_000,
    entailment: 1_500,
    grounding: 1_500,
    segmentation: 3_000,
  });
});

test("a stage that is asked alone has all the time", () => {
  for (const stage of STAGE_NAMES) expect(stageTime(stage, new Set([stage]), 7_000)).toBe(7_000);
});

test("no stage has more time than is left, and none a negative time", () => {
  const planned = fc.uniqueArray(fc.constantFrom(...STAGE_NAMES)).map((names) => new Set(names));
  fc.assert(
    fc.property(
      fc.constantFrom(...STAGE_NAMES),
      planned,
      fc.integer({ min: -1_000, max: 30_000 }),
      (stage, all, left) => {
        const time = stageTime(stage, all, left);
        expect(time).toBeLessThanOrEqual(Math.max(0, left));
        if (stage !== "mner") expect(time).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});
