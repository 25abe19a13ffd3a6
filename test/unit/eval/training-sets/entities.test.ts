import { describe, expect, it } from "vitest";
import { labelCounts, trainingEntities } from "../../../../eval/training-sets/entities.ts";
import type { BoxCorners } from "../../../../schemas/evaluation.ts";
import { entity, post } from "../../../support/evaluated-posts.ts";

const a: BoxCorners = [0, 0, 1, 1];
const b: BoxCorners = [0, 0, 2, 2];
const c: BoxCorners = [0, 0, 3, 3];
const ted = (type: string, start: number, boxes: BoxCorners[] = []) =>
  entity(type, start, start + 1, boxes, { text: "Ted" });

describe("trainingEntities", () => {
  it("makes entities of one name and one type in a post one, with the boxes of all of them", () => {
    const posts = [
      post(ted("PER", 0, [a, b]), ted("ORG", 1), ted("PER", 2, [b, c])),
      { ...post(ted("PER", 0)), id: "2" },
    ];
    expect(trainingEntities(posts)).toEqual([
      { postId: "1", index: 0, name: "Ted", type: "PER", boxes: [a, b, c] },
      { postId: "1", index: 1, name: "Ted", type: "ORG", boxes: [] },
      { postId: "2", index: 0, name: "Ted", type: "PER", boxes: [] },
    ]);
  });

  it("keeps names apart that differ in case", () => {
    const other = entity("PER", 1, 2, [], { text: "TED" });
    expect(trainingEntities([post(ted("PER", 0), other)]).map(({ name }) => name)).toEqual(["Ted", "TED"]);
  });
});

describe("labelCounts", () => {
  it("counts entities with a box, and those without", () => {
    expect(labelCounts([ted("PER", 0, [a, b]), ted("PER", 1), ted("PER", 2)])).toEqual({ positive: 1, negative: 2 });
    expect(labelCounts([])).toEqual({ positive: 0, negative: 0 });
  });
});
