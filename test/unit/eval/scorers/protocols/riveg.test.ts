import { describe, expect, it } from "vitest";
import type { BoxCorners } from "../../../../../schemas/evaluation.ts";
import { counts, entity, post, strip } from "../../../../support/evaluated-posts.ts";

describe("riveg", () => {
  const gold = post(
    entity("PER", 0, 1, [strip(0, 10)], { text: "Ted" }),
    entity("PER", 4, 5, [strip(50, 60)], { text: "Ted" }),
  );

  it("takes a gold row once: equal rows are a multiset", () => {
    const ted = (box: BoxCorners) => entity("PER", 0, 1, [box], { text: "Ted" });
    expect(counts("riveg", "gmner", gold, post(ted(strip(0, 10)), ted(strip(50, 60))))).toBe("2/2/2");
    expect(counts("riveg", "gmner", gold, post(ted(strip(0, 10)), ted(strip(0, 10))))).toBe("1/2/2");
  });

  it("goes on to the next row of the name when the first is not right", () => {
    expect(counts("riveg", "gmner", gold, post(entity("PER", 0, 1, [strip(50, 60)], { text: "Ted" })))).toBe("1/1/2");
  });

  it("takes the first row that is right in file order, also where a later prediction then finds none", () => {
    const both = post(
      entity("PER", 0, 1, [strip(0, 10), strip(50, 60)], { text: "Ted" }),
      ...gold.entities.slice(0, 1),
    );
    const wide = entity("PER", 0, 1, [strip(0, 10)], { text: "Ted" });
    const far = entity("PER", 0, 1, [strip(50, 60)], { text: "Ted" });
    expect(counts("riveg", "gmner", both, post(wide, far))).toBe("1/2/2");
    expect(counts("riveg", "gmner", both, post(far, wide))).toBe("2/2/2");
  });
});
