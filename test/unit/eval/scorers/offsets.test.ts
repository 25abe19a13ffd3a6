import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inUtf16, rulerOf } from "../../../../eval/scorers/offsets.ts";
import type { EvaluatedPost } from "../../../../schemas/evaluation.ts";

const TOKENS = ["👩‍🚀", "Ted", "Cruz"];
const post = (offset_unit: EvaluatedPost["offset_unit"], start: number, end: number): EvaluatedPost => {
  const entities = [{ text: "Ted Cruz", type: "PER", start, end, boxes: [], masks: [] }];
  return { id: "7", offset_unit, tokens: TOKENS, entities };
};
const spanOf = (given: EvaluatedPost) => {
  const [entity] = inUtf16(given, rulerOf(given) ?? { text: "", tokens: null }).entities;
  return [entity?.start, entity?.end];
};

describe("inUtf16", () => {
  it.each([
    ["token" as const, 1, 3],
    ["utf-16" as const, 6, 14],
    ["code-point" as const, 4, 12],
    ["utf-8" as const, 12, 20],
  ])("turns %s %i to %i into the same characters", (unit, start, end) => {
    expect(TOKENS.join(" ").slice(...(spanOf(post(unit, start, end)) as [number, number]))).toBe("Ted Cruz");
  });

  it.each([
    ["token" as const, 1, 4],
    ["code-point" as const, 4, 99],
    ["utf-8" as const, 1, 20],
  ])("names the post when %s has no position from %i to %i", (unit, start, end) => {
    expect(() => spanOf(post(unit, start, end))).toThrow(`post 7: there is no ${unit}`);
  });

  it("leaves entities without offsets as they are", () => {
    const given = post("token", 1, 3);
    const entities = given.entities.map((entity) => ({ ...entity, start: null, end: null }));
    expect(spanOf({ ...given, entities })).toEqual([null, null]);
  });

  it("cannot count tokens in a text alone", () => {
    expect(() => inUtf16(post("token", 1, 3), { text: "Ted", tokens: null })).toThrow("its tokens are not known");
  });

  it("finds every token where it stands", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, unit: "grapheme" }), { minLength: 1 }), fc.nat(), (tokens, n) => {
        const index = n % tokens.length;
        const [entity] = inUtf16(
          { ...post("token", index, index + 1), tokens },
          { text: tokens.join(" "), tokens },
        ).entities;
        expect(tokens.join(" ").slice(entity?.start ?? 0, entity?.end ?? 0)).toBe(tokens[index]);
      }),
    );
  });
});

describe("rulerOf", () => {
  it("joins tokens by one space, takes a text as it is, and is null without either", () => {
    const { tokens: _, ...bare } = post("utf-16", 0, 1);
    expect(rulerOf({ ...bare, tokens: ["a", "b"] })?.text).toBe("a b");
    expect(rulerOf({ ...bare, text: "a  b" })).toEqual({ text: "a  b", tokens: null });
    expect(rulerOf(bare)).toBeNull();
  });
});
