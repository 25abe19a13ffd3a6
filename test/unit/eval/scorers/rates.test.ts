import { describe, expect, it } from "vitest";
import { ratesOf } from "../../../../eval/scorers/rates.ts";
import { entity, post, strip } from "../../../support/evaluated-posts.ts";

const named = (text: string, start: number, boxes = [strip(0, 10)]) => entity("PER", start, start + 1, boxes, { text });

describe("ratesOf", () => {
  const gold = post(named("Ted", 0, []), named("Ann", 1, []), named("Bob", 2));
  const predicted = post(named("Ted", 0), named("Ann", 1, []), named("Bob", 2), named("NASA", 9));

  it("counts regions of what the picture does not show, and names that the text does not have", () => {
    expect(ratesOf([{ gold, predicted, text: "Ted Ann Bob" }], true, undefined)).toEqual({
      grounded_although_absent: { count: 1, of: 2, rate: 0.5 },
      named_although_only_in_picture: { count: 1, of: 4, rate: 0.25 },
    });
  });

  it("takes no difference of spaces or case for another name", () => {
    const pair = { gold: post(), predicted: post(named("ted CRUZ !", 0)), text: "Ted Cruz!" };
    expect(ratesOf([pair], true, undefined).named_although_only_in_picture).toMatchObject({ count: 0, of: 1 });
  });

  it("gives null and the reason, and never 0, where a rate cannot be known", () => {
    expect(ratesOf([{ gold, predicted, text: null }], true, "no boxes")).toEqual({
      grounded_although_absent: { rate: null, reason: "no boxes" },
      named_although_only_in_picture: { rate: null, reason: "no file has the text or the tokens of the posts" },
    });
    const { grounded_although_absent, named_although_only_in_picture } = ratesOf([], true, undefined);
    expect([grounded_although_absent.rate, named_although_only_in_picture.rate]).toEqual([null, null]);
  });
});
