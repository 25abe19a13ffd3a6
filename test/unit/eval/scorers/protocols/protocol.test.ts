import { describe, expect, it } from "vitest";
import { bestIou, isSameSpan, matchInOrder } from "../../../../../eval/scorers/protocols/protocol.ts";
import { entity, strip } from "../../../../support/evaluated-posts.ts";

describe("matchInOrder", () => {
  it("gives each prediction the first gold entity that is right and free", () => {
    const [a, b, c] = [entity("PER", 0, 1), entity("PER", 0, 1), entity("LOC", 4, 5)];
    const [x, y, z] = [entity("PER", 0, 1), entity("PER", 0, 1), entity("PER", 0, 1)];
    const isSame = (gold: typeof a, predicted: typeof a) => gold.start === predicted.start;
    expect(matchInOrder([a, b, c], [x, y, z], isSame)).toEqual([
      [a, x],
      [b, y],
    ]);
    expect(matchInOrder([a, b, c], [x], (gold) => gold === b)).toEqual([[b, x]]);
  });
});

describe("bestIou", () => {
  it("is the greatest of all, and 0 with none", () => {
    expect(bestIou(strip(0, 10), [strip(20, 30), strip(0, 5), strip(5, 7)])).toBe(0.5);
    expect(bestIou(strip(0, 10), [])).toBe(0);
  });
});

describe("isSameSpan", () => {
  it("compares types for every task but EEG", () => {
    const [per, org] = [entity("PER", 0, 1), entity("ORG", 0, 1)];
    expect([isSameSpan(per, org, "eeg"), isSameSpan(per, org, "gmner")]).toEqual([true, false]);
    expect(isSameSpan(per, entity("PER", 0, 2), "eeg")).toBe(false);
  });
});
