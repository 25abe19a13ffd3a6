import { describe, expect, it } from "vitest";
import { confusionOf } from "../../../../eval/scorers/confusion.ts";
import { entity, post } from "../../../support/evaluated-posts.ts";

describe("confusionOf", () => {
  it("counts types by span, what was missed and what was invented", () => {
    const gold = post(entity("PER", 0, 1), entity("LOC", 2, 3), entity("ORG", 4, 5));
    const predicted = post(entity("PER", 0, 1), entity("ORG", 2, 3), entity("PER", 7, 8));
    expect(confusionOf([{ gold, predicted, text: null }], true)).toEqual({
      PER: { PER: 1 },
      LOC: { ORG: 1 },
      ORG: { none: 1 },
      none: { PER: 1 },
    });
  });

  it("takes the entity with the same type first where a span occurs twice", () => {
    const gold = post(entity("LOC", 0, 1), entity("PER", 0, 1));
    const predicted = post(entity("PER", 0, 1));
    expect(confusionOf([{ gold, predicted, text: null }], true)).toEqual({ PER: { PER: 1 }, LOC: { none: 1 } });
  });

  it("goes by names where offsets cannot be compared", () => {
    const place = { start: null, end: null, text: "Ted" };
    const [gold, predicted] = [post(entity("PER", 0, 1, [], place)), post(entity("ORG", 5, 6, [], place))];
    expect(confusionOf([{ gold, predicted, text: null }], false)).toEqual({ PER: { ORG: 1 } });
  });
});
