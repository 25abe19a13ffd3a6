import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { handleTokens, toTokens, withoutHandles } from "../../../../eval/scorers/mention-tokens.ts";

describe("toTokens", () => {
  const tokens = ["@", "Ted", "Cruz", "!"];

  it("gives the tokens of a mention that covers whole tokens", () => {
    expect(toTokens(tokens, [{ start: 2, end: 10, type: "PER" }])).toEqual([{ type: "PER", start: 1, end: 3 }]);
  });

  it("takes in a token when the mention begins or ends inside it", () => {
    expect(toTokens(tokens, [{ start: 3, end: 7, type: "PER" }])).toEqual([{ type: "PER", start: 1, end: 3 }]);
  });

  it("gives back the tokens when a mention was made of them, whatever they hold", () => {
    const words = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(words, fc.nat(7), fc.nat(7), (all, a, b) => {
        const [from = 0, to = 0] = [a % all.length, b % all.length].toSorted((x, y) => x - y);
        const start = all.slice(0, from).reduce((sum, { length }) => sum + length + 1, 0);
        const end = all.slice(0, to + 1).join(" ").length;
        expect(toTokens(all, [{ start, end, type: "LOC" }])).toEqual([{ type: "LOC", start: from, end: to + 1 }]);
      }),
    );
  });
});

describe("handles", () => {
  const tokens = ["RT", "@", "NASA", ":", "@ESA", "@", "!"];

  it("are known whole or split", () => {
    expect(handleTokens(tokens)).toEqual([false, false, true, false, true, false, false]);
  });

  it("take out the spans that touch one", () => {
    const spans = [0, 2, 4].map((start) => ({ type: "ORG", start, end: start + 1 }));
    expect(withoutHandles(tokens, spans)).toEqual([{ type: "ORG", start: 0, end: 1 }]);
    expect(withoutHandles(tokens, [{ type: "ORG", start: 1, end: 3 }])).toEqual([]);
  });
});
