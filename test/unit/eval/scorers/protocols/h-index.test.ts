import { describe, expect, it } from "vitest";
import { counts, entity, post, strip } from "../../../../support/evaluated-posts.ts";

describe("h-index", () => {
  it("takes a box that is no candidate for the candidate that it overlaps most", () => {
    const gold = post(entity("PER", 0, 1, [strip(0, 10)]));
    expect(counts("h-index", "gmner", gold, post(entity("PER", 0, 1, [strip(0, 12)])))).toBe("1/1/1");
    expect(counts("h-index", "gmner", gold, post(entity("PER", 0, 1, [strip(500, 510)])))).toBe("0/1/1");
  });
});
