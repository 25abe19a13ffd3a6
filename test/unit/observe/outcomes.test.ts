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

test("Outcomes tells a stage in trouble: its last call failed, or one waits long and none succeeds meanwhile", () => {
  const outcomes = new Outcomes();
  const end = outcomes.begin("mner", 1_000);
  outcomes.begin("mner", 3_000);
  expect(outcomes.waiting("mner", 4_000)).toEqual({ calls: 2, longest_ms: 3_000 });
  expect([4_000, 5_999, 6_000].map((now) => outcomes.isFailing("mner", now))).toEqual([false, false, true]);
  outcomes.record("mner", { ...outcome(500), at: new Date(600).toISOString() });
  expect(outcomes.isFailing("mner", 6_000)).toBe(false);
  end();
  expect([outcomes.isFailing("mner", 7_999), outcomes.isFailing("mner", 8_000)]).toEqual([false, true]);
  expect(outcomes.waiting("grounding", 6_000)).toEqual({ calls: 0, longest_ms: null });
  outcomes.record("grounding", { ...outcome(1), ok: false });
  expect(outcomes.isFailing("grounding", 1)).toBe(true);
});
