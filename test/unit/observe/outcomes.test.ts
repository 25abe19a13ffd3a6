import { expect, test } from "vitest";
import { Outcomes } from "../../../src/observe/outcomes.ts";

const outcome = (ms: number) => ({ model: "m", ok: true, code: null, ms, at: new Date(ms).toISOString() });

test("Outcomes keeps the last ten of each stage, newest first", () => {
  const outcomes = new Outcomes();
  for (let ms = 0; ms < 12; ms++) outcomes.record("mner", outcome(ms));
  outcomes.record("caption", outcome(99));
  expect(outcomes.of("mner")).toEqual(Array.from({ length: 10 }, (_, index) => outcome(11 - index)));
  expect(outcomes.of("caption")).toEqual([outcome(99)]);
  expect(outcomes.of("grounding")).toEqual([]);
});
