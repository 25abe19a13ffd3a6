import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Case, Claim } from "../../../../eval/scorers/claims.ts";
import { scoreVisibility } from "../../../../eval/scorers/visibility-score.ts";
import { boxAt, CANNOT_TELL, goldOf, NO, thingAt, yes } from "../../../support/examples-set.ts";

const BOX = boxAt(0);
const NEAR = boxAt(0, 5);
const FAR = boxAt(0, 4);
const NOWHERE: Claim = { visible: true, probability: 1, region: null };
const at = (...boxes: (typeof BOX)[]) => goldOf(boxes.map((box) => thingAt(box)));

describe("scoreVisibility", () => {
  it("counts a box as right when its IoU with any gold box is 0.5 or more", () => {
    const cases: Case[] = [
      { gold: at(BOX), claim: yes(NEAR) },
      { gold: at(FAR, BOX), claim: yes(BOX) },
      { gold: at(BOX), claim: yes(FAR) },
      { gold: at(BOX), claim: NOWHERE },
    ];
    const score = scoreVisibility(cases, []);
    expect(score).toMatchObject({ f1: 1, right_boxes: 2, visible: 4, right_answers: 2, entities: 4 });
  });

  it("counts a no as right when the entity has no gold box", () => {
    const cases = [
      { gold: at(), claim: NO },
      { gold: at(BOX), claim: NO },
    ];
    const noes = { right_no: 1, wrong_no: 1, cannot_tell_visible: 0, cannot_tell_hidden: 0 };
    expect(scoreVisibility(cases, [])).toMatchObject({ f1: 0, rightly_none: 1, invisible: 1, right_answers: 1, noes });
  });

  it("counts 'cannot tell' as no answer: neither a yes nor a right no", () => {
    const cases = [
      { gold: at(), claim: CANNOT_TELL },
      { gold: at(BOX), claim: CANNOT_TELL },
    ];
    const noes = { right_no: 0, wrong_no: 0, cannot_tell_visible: 1, cannot_tell_hidden: 1 };
    expect(scoreVisibility(cases, [])).toMatchObject({ recall: 0, rightly_none: 0, right_answers: 0, noes });
  });

  it("counts an entity that was not found as wrong, and as a miss when it is visible", () => {
    const found: Case = { gold: at(BOX), claim: yes(BOX) };
    const score = scoreVisibility([found, { gold: at(), claim: null }, { gold: at(BOX), claim: null }], []);
    expect(score).toMatchObject({ precision: 1, recall: 0.5, rightly_none: 0, right_answers: 1, entities: 3 });
  });

  it("counts a yes as false when the entity is not in the gold", () => {
    const score = scoreVisibility([{ gold: at(BOX), claim: yes(BOX) }], [yes(BOX), NO]);
    expect(score).toMatchObject({ precision: 0.5, recall: 1, f1: 2 / 3, right_answers: 1 });
  });

  it("is perfect exactly when every answer is right, and stays between 0 and 1", () => {
    const claims = fc.constantFrom(null, NO, CANNOT_TELL, yes(BOX), yes(FAR));
    const cases = fc.array(fc.record({ gold: fc.constantFrom(at(), at(BOX)), claim: claims }));
    fc.assert(
      fc.property(cases, (list) => {
        const { f1, precision, recall, right_answers, entities } = scoreVisibility(list, []);
        for (const value of [f1, precision, recall]) expect(value >= 0 && value <= 1).toBe(true);
        const isPerfect = list.every(({ gold, claim }) =>
          gold.things.length > 0 ? claim?.region?.box === BOX : claim === NO,
        );
        expect(right_answers === entities).toBe(isPerfect);
      }),
    );
  });
});
