import { expect, test } from "vitest";
import { PROFILES, SETUPS, settingsOf } from "../../../../bench/edge/setups.ts";

test("each model of a setup takes its stage's time", () => {
  expect(settingsOf(SETUPS.single, PROFILES.hosted)).toEqual({
    mner: { ms: 900, one: false },
    expansion: { ms: 900, one: false },
    "ofa-ve": { ms: 400, one: false },
    "ofa-vg": { ms: 1_700, one: false },
    segment: { ms: 1_500, one: false },
  });
});

test("a stage that is not asked has no model", () => {
  expect(Object.keys(settingsOf(SETUPS.phrases, PROFILES.equal))).not.toContain("expansion");
});

test("models that take one call at a time are told so", () => {
  expect(settingsOf(SETUPS.queued, PROFILES.equal).mner).toEqual({ ms: 200, one: true });
});
