import { describe, expect, it } from "vitest";
import { bootstrapIntervals, compareSystems } from "../../../../eval/scorers/resampling.ts";

/** Posts with one gold entity and one prediction each, which is right or wrong. */
const posts = (count: number, isRight: (index: number) => boolean) =>
  Int32Array.from({ length: 3 * count }, (_, place) => (place % 3 > 0 || isRight(Math.floor(place / 3)) ? 1 : 0));
const NOTHING = Int32Array.from([0, 0, 0]);

describe("bootstrapIntervals", () => {
  it("lies where the binomial distribution has 95 %", () => {
    const [interval] = bootstrapIntervals([posts(400, (index) => index % 2 === 0)], 2_000);
    // 0.5 ± 1.96 · sqrt(0.25 / 400)
    expect(interval?.low).toBeCloseTo(0.451, 1.7);
    expect(interval?.high).toBeCloseTo(0.549, 1.7);
    expect(interval).toMatchObject({ level: 0.95, resamples: 2_000 });
  });

  it("is a point for a system without a fault, and draws the same in every run", () => {
    const rows = [posts(50, () => true), posts(50, (index) => index > 10)];
    const [perfect, other] = bootstrapIntervals(rows, 200);
    expect([perfect?.low, perfect?.high]).toEqual([1, 1]);
    expect(bootstrapIntervals(rows, 200)[1]).toEqual(other);
  });

  it("is null without resamples, without posts, and where F1 is null", () => {
    expect(bootstrapIntervals([posts(3, () => true)], 0)).toEqual([null]);
    expect(bootstrapIntervals([new Int32Array()], 100)).toEqual([null]);
    expect(bootstrapIntervals([NOTHING], 100)).toEqual([null]);
  });
});

describe("compareSystems", () => {
  it("finds no difference between a system and itself", () => {
    const rows = posts(100, (index) => index % 3 > 0);
    expect(compareSystems([rows], [rows], 500)).toEqual([{ difference: 0, p: 1, trials: 500 }]);
  });

  it("takes a difference in many posts for real and one in few for chance", () => {
    const worse = posts(200, (index) => index % 2 === 0);
    const [many] = compareSystems([worse], [posts(200, (index) => index % 2 === 0 || index < 80)], 1_000);
    expect(many?.difference).toBeCloseTo(0.2, 12);
    expect(many?.p).toBeCloseTo(1 / 1_001, 12);
    const [few] = compareSystems([worse], [posts(200, (index) => index % 2 === 0 || index === 1)], 1_000);
    // One post decides: swapped or not, the difference is as great.
    expect(few?.p).toBe(1);
    // Of two posts that differ, one swap in four is as great one way, one the other way.
    const [two] = compareSystems(
      [worse],
      [posts(200, (index) => index % 2 === 0 || index === 1 || index === 3)],
      2_000,
    );
    expect(two?.p).toBeCloseTo(0.5, 1);
  });

  it("takes posts that only one of them has into account", () => {
    const [more] = compareSystems([posts(10, () => true)], [posts(12, () => true)], 100);
    expect(more).toMatchObject({ difference: 0 });
    const [wrong] = compareSystems(
      [posts(10, () => true)],
      [Int32Array.from([...posts(10, () => true), 0, 1, 0])],
      100,
    );
    expect(wrong?.difference).toBeCloseTo(20 / 21 - 1, 12);
  });

  it("is signed, and null where an F1 is null", () => {
    const [down] = compareSystems([posts(10, () => true)], [posts(10, () => false)], 10);
    expect(down?.difference).toBe(-1);
    expect(compareSystems([posts(10, () => true)], [posts(10, () => false)], 0)[0]?.p).toBeNull();
    expect(compareSystems([NOTHING], [NOTHING], 10)).toEqual([null]);
  });
});
