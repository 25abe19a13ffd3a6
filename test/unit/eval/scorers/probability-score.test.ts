import { describe, expect, it } from "vitest";
import { scoreProbability } from "../../../../eval/scorers/probability-score.ts";
import { boxAt, goldOf, NO, thingAt } from "../../../support/examples-set.ts";

const SHOWN = goldOf([thingAt(boxAt(0))]);
const HIDDEN = goldOf([]);
const claim = (probability: number) => ({ ...NO, probability });

describe("scoreProbability", () => {
  it("is the mean squared error over the entities that were found, and their bins", () => {
    const { brier, entities, bins } = scoreProbability([
      { gold: SHOWN, claim: claim(0.9) },
      { gold: HIDDEN, claim: claim(0.8) },
      { gold: SHOWN, claim: claim(0.1) },
      { gold: HIDDEN, claim: claim(0) },
      { gold: SHOWN, claim: null },
    ]);
    // (0.01 + 0.64 + 0.81 + 0) / 4
    expect(brier).toBeCloseTo(0.365, 10);
    expect(entities).toBe(4);
    expect(bins.map(({ count }) => count)).toEqual([2, 0, 0, 0, 2]);
    expect(bins[0]).toEqual({ count: 2, mean: 0.05, visible: 0.5 });
    expect(bins[4]?.mean).toBeCloseTo(0.85, 10);
    expect(bins[2]).toEqual({ count: 0, mean: null, visible: null });
  });

  it("puts 1 into the last bin, and has no score when nothing was found", () => {
    expect(scoreProbability([{ gold: SHOWN, claim: claim(1) }]).bins[4]?.count).toBe(1);
    expect(scoreProbability([]).brier).toBeNull();
  });
});
