import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type JointName, type JointObject, jointly } from "../../../../functions/evidence/joint.ts";

const MISSED = 0.05;
const prior = fc.double({ min: 0.01, max: 0.95, noNaN: true });
const name = fc.record({ prior });
const object = fc.record({
  likelihoodRatio: fc.double({ min: 0.5, max: 20, noNaN: true }),
  prominence: fc.double({ min: 0.01, max: 1, noNaN: true }),
});
const names = fc.array(name, { maxLength: 4 });
const objects = fc.array(object, { maxLength: 4 });

/** The same probabilities by a sum over every assignment, written out. */
function bruteForce(all: readonly JointName[], things: readonly JointObject[]) {
  const order = all.map((_, index) => index).toSorted((a, b) => (all[b]?.prior ?? 0) - (all[a]?.prior ?? 0) || a - b);
  let total = 0;
  const at = all.map(() => things.map(() => 0));
  const visible = all.map(() => 0);
  const walk = (place: number, weight: number, taken: ReadonlyMap<number, number>, missed: ReadonlySet<number>) => {
    const current = order[place];
    if (current === undefined) {
      total += weight;
      for (const [thing, who] of taken) {
        (at[who] as number[])[thing] = (at[who]?.[thing] ?? 0) + weight;
        visible[who] = (visible[who] ?? 0) + weight;
      }
      for (const who of missed) visible[who] = (visible[who] ?? 0) + weight;
      return;
    }
    const { prior: chance } = all[current] as JointName;
    const odds = chance / (1 - chance);
    walk(place + 1, weight, taken, missed);
    walk(place + 1, weight * odds * MISSED, taken, new Set([...missed, current]));
    const left = things.reduce((sum, { prominence }, thing) => sum + (taken.has(thing) ? 0 : prominence), 0);
    for (const [thing, { likelihoodRatio, prominence }] of things.entries()) {
      if (taken.has(thing)) continue;
      const next = (weight * odds * likelihoodRatio * prominence) / left;
      walk(place + 1, next, new Map([...taken, [thing, current]]), missed);
    }
  };
  walk(0, 1, new Map(), new Set());
  return { at: at.map((row) => row.map((value) => value / total)), visible: visible.map((value) => value / total) };
}

describe("jointly", () => {
  test("agrees with the sum over every assignment", () => {
    fc.assert(
      fc.property(names, objects, (all, things) => {
        const found = jointly(all, things, MISSED);
        const expected = bruteForce(all, things);
        for (const [index, { at, visible }] of found.entries()) {
          expect(visible).toBeCloseTo(expected.visible[index] ?? Number.NaN, 9);
          for (const [thing, chance] of at.entries())
            expect(chance).toBeCloseTo(expected.at[index]?.[thing] ?? Number.NaN, 9);
        }
      }),
    );
  });

  test("gives no object to two names, and the likelier name the more prominent object", () => {
    fc.assert(
      fc.property(names, objects, (all, things) => {
        const found = jointly(all, things, MISSED);
        const taken = found.flatMap(({ object: one }) => one ?? []);
        expect(new Set(taken).size).toBe(taken.length);
        for (const [a, first] of found.entries()) {
          for (const [b, second] of found.entries()) {
            if (first.object === null || second.object === null || (all[a]?.prior ?? 0) <= (all[b]?.prior ?? 0))
              continue;
            expect(things[first.object]?.prominence).toBeGreaterThanOrEqual(things[second.object]?.prominence ?? 0);
          }
        }
      }),
    );
  });

  test("changes no name's object when a less likely name is added anywhere", () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 20 }), objects, fc.nat(), (all, things, seed) => {
        const least = Math.min(...all.map((one) => one.prior)) / 2;
        const place = seed % (all.length + 1);
        const before = jointly(all, things, MISSED).map((found) => found.object);
        const after = jointly(all.toSpliced(place, 0, { prior: least }), things, MISSED).map((found) => found.object);
        expect(after.toSpliced(place, 1)).toEqual(before);
      }),
    );
  });

  test("gives equally likely names the objects in the order of the text, and says that it is a coin's toss", () => {
    const equal = { prior: 0.6 };
    const things = [
      { likelihoodRatio: 4, prominence: 0.5 },
      { likelihoodRatio: 4, prominence: 0.5 },
    ];
    const [first, second] = jointly([equal, equal], things, MISSED);
    expect([first?.object, second?.object]).toEqual([0, 1]);
    expect(first?.at[0]).toBeCloseTo(first?.at[1] ?? 0, 9);
  });

  test("stays exact with the strongest and finite with any number of names and objects", () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ prior: 0.2 + index / 1000 }));
    const crowd = Array.from({ length: 60 }, (_, index) => ({ likelihoodRatio: 3, prominence: 0.1 + index / 100 }));
    const found = jointly(many, crowd, MISSED);
    expect(found).toHaveLength(200);
    for (const { visible, at } of found) {
      expect(visible).toBeGreaterThan(0);
      expect(visible).toBeLessThan(1);
      expect(at.reduce((sum, chance) => sum + chance, 0)).toBeLessThanOrEqual(visible + 1e-9);
    }
  });
});
