import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Case, scoreVisibility } from "../../../../eval/scorers/visibility-score.ts";

const BOX = { xmin: 0, ymin: 0, xmax: 10, ymax: 10 };
const NEAR = { xmin: 0, ymin: 0, xmax: 10, ymax: 5 };
const FAR = { xmin: 0, ymin: 0, xmax: 10, ymax: 4 };
const yes = (box: typeof BOX | null) => ({ visible: true, box });
const NO = { visible: false, box: null };

describe("scoreVisibility", () => {
  it("counts a box as right when its IoU with any gold box is 0.5 or more", () => {
    const cases: Case[] = [
      { gold: [BOX], claim: yes(NEAR) },
      { gold: [FAR, BOX], claim: yes(BOX) },
      { gold: [BOX], claim: yes(FAR) },
      { gold: [BOX], claim: yes(null) },
    ];
    expect(scoreVisibility(cases, [])).toMatchObject({
      f1: 1,
      right_boxes: 2,
      visible: 4,
      right_answers: 2,
      entities: 4,
    });
  });

  it("counts a no as right when the entity has no gold box", () => {
    expect(
      scoreVisibility(
        [
          { gold: [], claim: NO },
          { gold: [BOX], claim: NO },
        ],
        [],
      ),
    ).toMatchObject({
      f1: 0,
      rightly_none: 1,
      invisible: 1,
      right_answers: 1,
    });
  });

  it("counts an entity that was not found as wrong, and as a miss when it is visible", () => {
    const found: Case = { gold: [BOX], claim: yes(BOX) };
    const score = scoreVisibility([found, { gold: [], claim: null }, { gold: [BOX], claim: null }], []);
    expect(score).toMatchObject({ precision: 1, recall: 0.5, rightly_none: 0, right_answers: 1, entities: 3 });
  });

  it("counts a yes as false when the entity is not in the gold", () => {
    const score = scoreVisibility([{ gold: [BOX], claim: yes(BOX) }], [yes(BOX), NO]);
    expect(score).toMatchObject({ precision: 0.5, recall: 1, f1: 2 / 3, right_answers: 1 });
  });

  it("is perfect exactly when every answer is right, and stays between 0 and 1", () => {
    const cases = fc.array(
      fc.record({ gold: fc.constantFrom([], [BOX]), claim: fc.constantFrom(null, NO, yes(BOX), yes(FAR)) }),
    );
    fc.assert(
      fc.property(cases, (list) => {
        const { f1, precision, recall, right_answers, entities } = scoreVisibility(list, []);
        for (const value of [f1, precision, recall]) expect(value >= 0 && value <= 1).toBe(true);
        const isPerfect = list.every(({ gold, claim }) => (gold.length > 0 ? claim?.box === BOX : claim === NO));
        expect(right_answers === entities).toBe(isPerfect);
      }),
    );
  });
});
