import { describe, expect, it } from "vitest";
import type { AnsweredEntity } from "../../../../eval/readers/answers.ts";
import type { SetPost } from "../../../../eval/readers/example-sets.ts";
import { scoreExamples } from "../../../../eval/scorers/examples-score.ts";
import type { Box } from "../../../../schemas/primitives.ts";
import { answeredAt, boxAt, goldOf, thingAt } from "../../../support/examples-set.ts";
import { encodeRle } from "../../../support/rle.ts";

const MASK = encodeRle([1, 1, 0, 0], { width: 2, height: 2 });
const ADA = thingAt(boxAt(0), { mask: MASK, maskName: "ada.json" });
const POST: SetPost = {
  id: "duo",
  text: "Ada met Bob in Rome",
  image: "data:image/png;base64,",
  things: [ADA],
  gold: [
    { ...goldOf([ADA]), start: 0, end: 3 },
    { ...goldOf([]), start: 15, end: 19 },
  ],
};

const score = (entities: AnsweredEntity[], people: Box[] = [], before: AnsweredEntity[] | null = null) =>
  scoreExamples([{ post: POST, entities, people, before }]);

const masked = (mask: typeof MASK): AnsweredEntity => {
  const entity = answeredAt(0, 3, true);
  return { ...entity, regions: entity.regions.map((region) => ({ ...region, mask })) };
};

describe("scoreExamples", () => {
  it("is perfect when every gold entity is found and answered as drawn", () => {
    const { ours } = score([masked(MASK), answeredAt(15, 19, false)]).systems;
    expect(ours).toMatchObject({ found: 2, spurious: 0, probability: { brier: 0 } });
    expect(ours?.visibility).toMatchObject({ f1: 1, right_answers: 2, entities: 2 });
    expect(ours?.masks?.named).toEqual([{ mask: "ada.json", iou: 1, posts: 1, answered: 1 }]);
  });

  it("does not find an entity when its span differs by one character", () => {
    const { ours } = score([answeredAt(0, 4, true)]).systems;
    expect(ours).toMatchObject({ found: 0, spurious: 1, visibility: { f1: 0, right_answers: 0 } });
  });

  it("gives the baselines the mentions that the answer has, and no others", () => {
    const { always_no, largest_first } = score([answeredAt(0, 3, false), answeredAt(8, 11, false)], [boxAt(0)]).systems;
    expect(always_no?.visibility).toMatchObject({ f1: 0, right_answers: 0 });
    expect(always_no?.masks).toBeNull();
    // Ada gets the only person; nobody is left for Bob, who is not in the gold.
    expect(largest_first?.visibility).toMatchObject({ precision: 1, recall: 1, right_answers: 1 });
  });

  it("scores recorded answers over their own mentions, and only when every post has one", () => {
    const { systems } = score([answeredAt(0, 3, false)], [], [answeredAt(0, 3, true), answeredAt(15, 19, false)]);
    expect(systems.before).toMatchObject({ found: 2, visibility: { right_answers: 2 } });
    expect(score([]).systems.before).toBeUndefined();
  });

  it("measures the mask of the first region against the gold mask", () => {
    const all = encodeRle([1, 1, 1, 1], { width: 2, height: 2 });
    expect(score([masked(all)]).systems.ours?.masks?.things).toMatchObject({ iou: 0.5, placed_iou: 0.5 });
  });
});
