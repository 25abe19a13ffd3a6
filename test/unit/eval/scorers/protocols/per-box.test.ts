import { describe, expect, it } from "vitest";
import { counts, entity, post, strip } from "../../../../support/evaluated-posts.ts";

describe("per-box", () => {
  it("compares names where one file has no offsets, as SAKE does", () => {
    const sake = entity("PER", 0, 1, [], { text: "Ted", start: null, end: null });
    expect(counts("per-box", "gmner", post(entity("PER", 7, 8, [], { text: "Ted" })), post(sake))).toBe("1/1/1");
  });

  it("takes the first gold box of the span for a box that fits two, so that the second counts as missed", () => {
    const gold = post(entity("PER", 0, 1, [strip(0, 10), strip(0, 9)]));
    expect(counts("per-box", "gmner", gold, gold)).toBe("1/1/2");
    expect(counts("multi-box", "gmner", gold, gold)).toBe("2/2/2");
  });

  it("looks for the box under the span, whatever its type", () => {
    const gold = post(entity("PER", 0, 1, [strip(0, 10)]));
    expect(counts("per-box", "eeg", gold, post(entity("ORG", 0, 1, [strip(0, 10)])))).toBe("1/1/1");
    expect(counts("per-box", "gmner", gold, post(entity("ORG", 0, 1, [strip(0, 10)])))).toBe("0/1/1");
  });
});
