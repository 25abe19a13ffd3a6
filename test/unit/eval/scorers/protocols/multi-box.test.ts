import { describe, expect, it } from "vitest";
import { counts, entity, post, strip } from "../../../../support/evaluated-posts.ts";

describe("multi-box", () => {
  it("gives every box one partner, and as many partners as there can be", () => {
    // The first predicted box fits both gold boxes, the second only the one that the first would take.
    const gold = post(entity("PER", 0, 1, [strip(0, 10), strip(2, 12)]));
    const predicted = post(entity("PER", 0, 1, [strip(1, 11), strip(0, 9)]));
    expect(counts("multi-box", "gmner", gold, predicted)).toBe("2/2/2");
    expect(counts("multi-box", "gmner", gold, post(entity("PER", 0, 1, [strip(1, 11)])))).toBe("1/1/2");
  });
});
