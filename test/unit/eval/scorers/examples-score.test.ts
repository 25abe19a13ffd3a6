import { describe, expect, it } from "vitest";
import type { Post } from "../../../../eval/readers/posts.ts";
import { type AnsweredPost, type ScoredEntity, scoreExamples } from "../../../../eval/scorers/examples-score.ts";
import type { Box, RleMask } from "../../../../schemas/primitives.ts";
import { BY_MODEL } from "../../../support/by-model.ts";
import { encodeRle } from "../../../support/rle.ts";

const BOX: Box = { xmin: 0, ymin: 0, xmax: 2, ymax: 2 };
const MASK = encodeRle([1, 1, 0, 0], { width: 2, height: 2 });
const POST: Post = {
  name: "duo",
  text: "Ada met Bob in Rome",
  image: "duo.png",
  gold: [
    { text: "Ada", type: "PER", start: 0, end: 3, boxes: [BOX], mask: "ada.json" },
    { text: "Rome", type: "LOC", start: 15, end: 19, boxes: [] },
  ],
};
const GOLD_MASKS = new Map([["ada.json", MASK]]);

function entity(start: number, end: number, visible: boolean, mask: RleMask | null = null): ScoredEntity {
  const region = {
    ...BY_MODEL,
    id: "r1",
    box: BOX,
    score: null,
    method: "m",
    mask,
    mask_score: null,
    mask_method: null,
  };
  return {
    mentions: [{ start, end, tokens: null, score: null }],
    visible,
    regions: visible ? [{ ...region, mask_reason: null, mask_url: null }] : [],
  };
}

const score = (entities: ScoredEntity[], person: Box | null = null) =>
  scoreExamples([{ post: POST, entities, person } satisfies AnsweredPost], GOLD_MASKS);

describe("scoreExamples", () => {
  it("is perfect when every gold entity is found and answered as drawn", () => {
    const report = score([entity(0, 3, true, MASK), entity(15, 19, false)]);
    expect(report).toMatchObject({ posts: 1, found: 2, spurious: 0 });
    expect(report.systems.ours).toMatchObject({ f1: 1, right_answers: 2, entities: 2 });
    expect(report.masks).toEqual([{ mask: "ada.json", iou: 1, posts: 1, answered: 1 }]);
  });

  it("does not find an entity when its span differs by one character", () => {
    const report = score([entity(0, 4, true)]);
    expect(report).toMatchObject({ found: 0, spurious: 1 });
    expect(report.systems.ours).toMatchObject({ f1: 0, right_answers: 0 });
  });

  it("gives the baselines the mentions that the answer has, and no others", () => {
    const { systems } = score([entity(0, 3, false), entity(8, 11, false)], BOX);
    expect(systems.always_no).toMatchObject({ f1: 0, right_answers: 0 });
    // A yes to Ada is right; Bob is not in the gold, so that the yes to him is false.
    expect(systems.always_largest_person).toMatchObject({ precision: 0.5, recall: 1, right_answers: 1 });
  });

  it("has no mask IoU when no post led to a mask", () => {
    expect(score([entity(0, 3, false, MASK)]).masks).toEqual([{ mask: "ada.json", iou: null, posts: 1, answered: 0 }]);
  });

  it("measures the mask of the first region against the gold mask", () => {
    const all = encodeRle([1, 1, 1, 1], { width: 2, height: 2 });
    expect(score([entity(0, 3, true, all)]).masks[0]?.iou).toBe(0.5);
  });
});
