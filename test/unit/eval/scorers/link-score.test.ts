import { describe, expect, it } from "vitest";
import { scoreLinks } from "../../../../eval/scorers/link-score.ts";
import { boxAt, CANNOT_TELL, goldOf, NO, thingAt, yes } from "../../../support/examples-set.ts";

const ANA = thingAt(boxAt(0));
const BEN = thingAt(boxAt(8));
const [ana, ben] = [goldOf([ANA]), goldOf([BEN], false)];

describe("scoreLinks", () => {
  it("counts a link as right when the box is the entity's own and nobody else's, decided and not apart", () => {
    const score = scoreLinks([
      {
        things: [ANA, BEN],
        cases: [
          { gold: ana, claim: yes(boxAt(1), "stated_position") },
          { gold: ben, claim: yes(boxAt(0), "guess") },
          { gold: ben, claim: yes(boxAt(8), "guess") },
          { gold: ana, claim: NO },
          { gold: ana, claim: CANNOT_TELL },
          { gold: ana, claim: null },
          { gold: goldOf([]), claim: yes(boxAt(0)) },
        ],
      },
    ]);
    expect(score).toEqual({
      decided: { right: 1, total: 4 },
      undecided: { right: 1, total: 2 },
      by_basis: { guess: { right: 1, total: 2 }, stated_position: { right: 1, total: 1 } },
    });
  });

  it("takes a box between two people for the one that it fits better", () => {
    // IoU 6/14 with Ana and 8/12 with Ben.
    const wrong = scoreLinks([{ things: [ANA, BEN], cases: [{ gold: ana, claim: yes(boxAt(6)) }] }]);
    expect(wrong.decided).toEqual({ right: 0, total: 1 });
    // Inside both: IoU 0.5 with each is nobody's.
    const both = [ANA, thingAt(boxAt(10))];
    const tie = scoreLinks([{ things: both, cases: [{ gold: ana, claim: yes(boxAt(0, 20)) }] }]);
    expect(tie.decided).toEqual({ right: 0, total: 1 });
  });

  it("leaves out posts without a second candidate of the kind, and those that do not say what is decided", () => {
    const cases = [{ gold: ana, claim: yes(boxAt(0)) }];
    const alone = [[ANA], [ANA, thingAt(boxAt(20), { kind: "OTHER" })], [ANA, { ...BEN, isCandidate: false }]];
    for (const things of alone) expect(scoreLinks([{ things, cases }]).decided.total).toBe(0);
    const unknown = [{ gold: goldOf([ANA], null), claim: yes(boxAt(0)) }];
    expect(scoreLinks([{ things: [ANA, BEN], cases: unknown }])).toMatchObject({
      decided: { total: 0 },
      undecided: { total: 0 },
    });
  });
});
