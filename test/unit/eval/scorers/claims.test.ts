import { describe, expect, it } from "vitest";
import { alwaysNo, claimOf, largestFirst } from "../../../../eval/scorers/claims.ts";
import { answeredAt, boxAt } from "../../../support/examples-set.ts";

describe("claimOf", () => {
  it("takes the first region and the answer's probability", () => {
    const entity = answeredAt(0, 3, true);
    const [region] = entity.regions;
    const regions = region ? [{ ...region, mask_score: 0.5, link: { basis: "guess" } }, region] : [];
    expect(claimOf({ ...entity, visibility: { score: 0.7 }, regions })).toEqual({
      visible: true,
      probability: 0.7,
      region: { box: boxAt(0), mask: null, mask_score: 0.5, basis: "guess" },
    });
  });

  it.each([
    [true, 1],
    [false, 0],
    [null, 0.5],
  ])("takes %s without a probability as %d", (visible, probability) => {
    expect(claimOf(answeredAt(0, 3, visible)).probability).toBe(probability);
  });
});

describe("baselines", () => {
  it("always no says no to each", () => {
    expect(alwaysNo([answeredAt(0, 3, true)])).toEqual([{ visible: false, probability: 0, region: null }]);
  });

  it("largest first gives people's names, as the text has them, the boxes by size until there are none", () => {
    const place = { ...answeredAt(2, 3, true), type: "LOC" };
    const entities = [answeredAt(10, 12, true), place, answeredAt(4, 6, false), answeredAt(20, 22, true)];
    const claims = largestFirst(entities, [boxAt(0, 5), boxAt(50, 8)]);
    expect(claims.map(({ visible, region }) => [visible, region?.box])).toEqual([
      [true, boxAt(0, 5)],
      [false, undefined],
      [true, boxAt(50, 8)],
      [false, undefined],
    ]);
  });
});
