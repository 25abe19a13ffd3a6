import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { neededCalls, rivegOrder } from "../../../../bench/edge/plan.ts";
import { scheduleCalls } from "../../../../bench/edge/schedule.ts";
import { PROFILES, SETUPS } from "../../../../bench/edge/setups.ts";

const counts = (calls: ReadonlyArray<{ model: string }>) => {
  const found: Record<string, number> = {};
  for (const { model } of calls) found[model] = (found[model] ?? 0) + 1;
  return found;
};

describe("neededCalls", () => {
  it("has one call a stage, and one that warms, where models take many entities", () => {
    const calls = neededCalls(6, SETUPS.batching, PROFILES.equal);
    expect(counts(calls)).toEqual({ mner: 1, expansion: 1, entailment: 1, grounding: 1, segmentation: 2 });
    expect(scheduleCalls(calls, 6).end).toBe(800);
  });

  it("has a call an entity where models take one", () => {
    const calls = neededCalls(6, SETUPS.single, PROFILES.equal);
    expect(counts(calls)).toEqual({ mner: 1, expansion: 1, "ofa-ve": 6, "ofa-vg": 6, segment: 6 });
    // 18 calls by six connections after two others.
    expect(scheduleCalls(calls, 6).end).toBe(1_000);
  });

  it("asks for no expressions where names come with theirs", () => {
    expect(scheduleCalls(neededCalls(6, SETUPS.phrases, PROFILES.equal), 6).end).toBe(600);
  });

  it("puts each call behind those that it needs, and respects each model's batch", () => {
    const setups = fc.constantFrom(...Object.values(SETUPS));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), setups, (entities, setup) => {
        const calls = neededCalls(entities, setup, PROFILES.hosted);
        calls.forEach(({ after }, place) => {
          for (const earlier of after) expect(earlier).toBeLessThan(place);
        });
        for (const stage of ["entailment", "grounding"] as const) {
          const parts = calls.filter(({ model }) => model === setup.models[stage]).length;
          expect(parts).toBe(Number.isFinite(setup.batch[stage]) ? Math.ceil(entities / setup.batch[stage]) : 1);
        }
      }),
    );
  });
});

describe("rivegOrder", () => {
  it("makes one call after another: the mentions, then four for each entity", () => {
    const calls = rivegOrder(2, SETUPS.single);
    expect(calls.map(({ model }) => model)).toEqual([
      "mner",
      ...["expansion", "ofa-ve", "ofa-vg", "segment"],
      ...["expansion", "ofa-ve", "ofa-vg", "segment"],
    ]);
    expect(calls.map(({ after }) => after)).toEqual([[], [0], [1], [2], [3], [4], [5], [6], [7]]);
  });
});
