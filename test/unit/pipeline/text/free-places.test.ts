import { describe, expect, test } from "vitest";
import { FreePlaces } from "../../../../src/pipeline/text/free-places.ts";

describe("FreePlaces", () => {
  test("takes the nearest free place, the left of two, until none is left", () => {
    const places = new FreePlaces([10, 20, 30]);
    expect([25, 25, 25, 25].map((expected) => places.takeNearest(expected))).toEqual([20, 30, 10, undefined]);
    expect(new FreePlaces([]).takeNearest(0)).toBeUndefined();
  });

  test("looks at few places however many are taken", () => {
    let looks = 0;
    const positions = new Proxy(
      Array.from({ length: 2_000 }, (_, index) => index),
      {
        get: (target, key) => {
          if (typeof key === "string" && /^\d+$/.test(key)) looks++;
          return Reflect.get(target, key);
        },
      },
    );
    const places = new FreePlaces(positions);
    const taken = Array.from({ length: 2_000 }, () => places.takeNearest(1_000));
    expect(new Set(taken).size).toBe(2_000);
    // 11 of a binary search, the neighbours and the place itself.
    expect(looks).toBeLessThan(2_000 * 16);
  });
});
