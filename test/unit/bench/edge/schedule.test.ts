import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NeededCall } from "../../../../bench/edge/plan.ts";
import { criticalPath, inStartOrder, scheduleCalls } from "../../../../bench/edge/schedule.ts";

const CONNECTIONS = 6;
const call = (ms: number, after: number[] = [], model = "m", one = false): NeededCall => ({ model, after, ms, one });

/** Calls of any graph: each needs some of those before it. */
const graphs = fc
  .array(
    fc.record({
      ms: fc.integer({ min: 1, max: 50 }),
      model: fc.constantFrom("a", "b", "c"),
      one: fc.boolean(),
      needs: fc.array(fc.nat({ max: 30 }), { maxLength: 3 }),
    }),
    { maxLength: 16 },
  )
  .map((calls): NeededCall[] =>
    calls.map(({ ms, model, one, needs }, place) => {
      const after = place === 0 ? [] : [...new Set(needs.map((need) => need % place))];
      return { ms, model, one, after };
    }),
  );

describe("scheduleCalls", () => {
  it("runs calls beside each other, and the next when a connection is free", () => {
    expect(scheduleCalls([call(10), call(10), call(10)], 2)).toEqual({ starts: [0, 0, 10], end: 20 });
  });

  it("starts the longest work first", () => {
    const calls = [call(10), call(10), call(10), call(10, [2])];
    expect(scheduleCalls(calls, 2).end).toBe(20);
  });

  it("has a model that takes one call at a time wait", () => {
    const calls = [call(10, [], "gpu", true), call(10, [], "gpu", true), call(10)];
    expect(scheduleCalls(calls, CONNECTIONS)).toEqual({ starts: [0, 10, 0], end: 20 });
  });

  it("takes no time without calls", () => {
    expect(scheduleCalls([], CONNECTIONS).end).toBe(0);
  });

  it("is never shorter than the critical path or than all work divided among the connections", () => {
    fc.assert(
      fc.property(graphs, fc.integer({ min: 1, max: 6 }), (calls, connections) => {
        const { end } = scheduleCalls(calls, connections);
        expect(end).toBeGreaterThanOrEqual(criticalPath(calls));
        expect(end * connections).toBeGreaterThanOrEqual(calls.reduce((sum, { ms }) => sum + ms, 0));
        expect(end).toBeLessThanOrEqual(calls.reduce((sum, { ms }) => sum + ms, 0));
      }),
    );
  });

  it("never has more calls at a time than connections, and keeps every order", () => {
    fc.assert(
      fc.property(graphs, fc.integer({ min: 1, max: 6 }), (calls, connections) => {
        const { starts } = scheduleCalls(calls, connections);
        const endOf = (place: number) => (starts[place] ?? Number.NaN) + (calls[place]?.ms ?? 0);
        calls.forEach(({ after, model, one }, place) => {
          const start = starts[place] ?? Number.NaN;
          for (const earlier of after) expect(start).toBeGreaterThanOrEqual(endOf(earlier));
          const beside = calls.flatMap((other, at) =>
            at !== place && (starts[at] ?? 0) <= start && endOf(at) > start ? [other] : [],
          );
          expect(beside.length).toBeLessThan(connections);
          if (one) expect(beside.filter((other) => other.one && other.model === model)).toEqual([]);
        });
      }),
    );
  });
});

describe("criticalPath", () => {
  it("is the longest chain", () => {
    expect(criticalPath([call(5), call(7, [0]), call(20), call(1, [1, 2])])).toBe(21);
  });
});

describe("inStartOrder", () => {
  it("sorts calls by their start, and renames what they need", () => {
    const calls = [call(10), call(1), call(5, [1])];
    expect(inStartOrder(calls, { starts: [2, 0, 1], end: 12 })).toEqual([call(1), call(5, [0]), call(10)]);
  });
});
