import { describe, expect, test } from "vitest";
import { EvaluatedPost } from "../../../schemas/evaluation.ts";

describe("EvaluatedPost", () => {
  test("gives what a line leaves out: tokens as the unit, no offsets, no regions", () => {
    expect(EvaluatedPost.parse({ id: "1", entities: [{ text: "Ted", type: "PER" }] })).toEqual({
      id: "1",
      offset_unit: "token",
      entities: [{ text: "Ted", type: "PER", start: null, end: null, boxes: [], masks: [] }],
    });
  });

  test.each([
    ["an end without a start", { end: 2 }],
    ["an empty span", { start: 2, end: 2 }],
    ["a box of three corners", { boxes: [[1, 2, 3]] }],
    ["a field that is not known", { box: [1, 2, 3, 4] }],
  ])("refuses %s", (_, fields) => {
    const entities = [{ text: "Ted", type: "PER", ...fields }];
    expect(EvaluatedPost.safeParse({ id: "1", entities }).success).toBe(false);
  });
});
