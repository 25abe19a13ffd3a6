import { afterEach, describe, expect, it, vi } from "vitest";
import type { AskedMasks } from "../../../../eval/segment/asking.ts";
import type { PostMasks } from "../../../../eval/segment/segment-posts.ts";
import { exitCode, segmentReport, segmentTable } from "../../../../eval/segment/segment-report.ts";
import type { EvaluatedPost } from "../../../../schemas/evaluation.ts";
import { entity } from "../../../support/evaluated-posts.ts";
import { boxMask } from "../../../support/segment-server.ts";

const MASK = { mask: boxMask([0, 0, 2, 2], 4, 4) };
const post = (id: string, ...entities: EvaluatedPost["entities"]): EvaluatedPost => ({
  id,
  offset_unit: "token",
  entities,
});
const masks = (
  id: string,
  results: PostMasks["results"],
  failure: PostMasks["failure"] = null,
): [string, PostMasks] => {
  return [id, { id, size: [4, 4], results, failure }];
};
const ASKED: AskedMasks = {
  posts: [
    post(
      "a",
      entity("PER", 0, 1, [[0, 0, 2, 2]]),
      entity("PER", 1, 2, [
        [0, 0, 2, 2],
        [9, 9, 10, 10],
      ]),
    ),
    post("b", entity("PER", 0, 1)),
    post("c", entity("PER", 0, 1, [[0, 0, 2, 2]])),
    post(
      "d",
      entity("PER", 0, 1, [
        [0, 0, 2, 2],
        [0, 0, 3, 3],
      ]),
    ),
  ],
  byPost: new Map([
    masks("a", [MASK, { reason: "outside_picture" }]),
    masks("c", [{ reason: "no_picture" }], { reason: "no_picture", text: "has no picture" }),
    masks("d", [MASK, { reason: "stage_failed" }]),
  ]),
  cost: 12_000_000,
  isOverCost: false,
};

describe("segmentReport", () => {
  it("counts boxes and masks by entity, and lists posts that were not answered in full", () => {
    expect(segmentReport(ASKED)).toEqual({
      posts: 4,
      posts_with_boxes: 3,
      boxes: 6,
      different_boxes: 5,
      masks: 3,
      without_mask: { no_picture: 1, outside_picture: 1, stage_failed: 1 },
      failed: [
        { id: "c", reason: "has no picture" },
        { id: "d", reason: "the models gave no answer for 1 of its boxes" },
      ],
      cost_usd: "0.012",
    });
  });

  it("is a table for a terminal, with the posts that failed", () => {
    const table = segmentTable(segmentReport(ASKED));
    expect(table).toMatch(/^masks, counted by entity +3$/m);
    expect(table).toMatch(/^ {2}none: stage_failed +1$/m);
    expect(table).toMatch(/^cost in USD +0\.012\n {2}c: has no picture$/m);
    const failed = Array.from({ length: 22 }, (_, index) => ({ id: `${index}`, reason: "no" }));
    expect(segmentTable({ ...segmentReport(ASKED), failed })).toMatch(
      / {2}19: no\n {2}and 2 more \(--json lists all\)$/,
    );
  });
});

describe("exitCode", () => {
  const stderr = vi.spyOn(console, "error").mockReturnValue();
  afterEach(() => {
    vi.clearAllMocks();
  });

  it("is 0 when every post was answered, and says nothing then", () => {
    const whole = { ...ASKED, posts: ASKED.posts.slice(0, 2) };
    expect(exitCode(whole, segmentReport(whole), "out.jsonl")).toBe(0);
    expect(stderr).not.toHaveBeenCalled();
  });

  it("is 1 when some were not, and says how many are asked again", () => {
    expect(exitCode(ASKED, segmentReport(ASKED), "out.jsonl")).toBe(1);
    const text = "2 posts have boxes that were not answered. The same command asks 1 of them again, and no others.";
    expect(stderr).toHaveBeenLastCalledWith(text);
  });

  it("is 1 when the limit of cost ended it", () => {
    expect(exitCode({ ...ASKED, isOverCost: true }, segmentReport(ASKED), "out.jsonl")).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining("out.jsonl was not written"));
  });

  it("is 1 when nothing may be asked, and names no part, of which there is none", () => {
    const none = { ...ASKED, byPost: new Map(), cost: 0, isOverCost: true };
    expect(exitCode(none, segmentReport(none), "out.jsonl")).toBe(1);
    const text = "--max-cost 0 allows nothing: nothing was asked, and out.jsonl was not written.";
    expect(stderr).toHaveBeenLastCalledWith(text);
  });
});
