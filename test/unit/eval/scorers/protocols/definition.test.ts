import { describe, expect, it } from "vitest";
import { counts, entity, post, strip } from "../../../../support/evaluated-posts.ts";

describe("definition", () => {
  it("takes any gold box, and wants more than half", () => {
    const gold = post(entity("PER", 0, 1, [strip(0, 10), strip(50, 60)]));
    const answer = (right: number) => post(entity("PER", 0, 1, [strip(50, right)]));
    expect([55, 56, 69, 70].map((right) => counts("definition", "gmner", gold, answer(right)))).toEqual([
      "0/1/1",
      "1/1/1",
      "1/1/1",
      "0/1/1",
    ]);
  });

  it("takes a gold entity once", () => {
    const gold = post(entity("PER", 0, 1, [strip(0, 10)]));
    const predicted = post(entity("PER", 0, 1, [strip(50, 60)]), entity("PER", 0, 1, [strip(0, 10)]), ...gold.entities);
    expect(counts("definition", "gmner", gold, predicted)).toBe("1/3/1");
  });
});
