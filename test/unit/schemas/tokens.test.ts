import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokenEndingFrom, tokenSpans } from "../../../schemas/tokens.ts";

describe("tokenSpans", () => {
  it("counts UTF-16 code units, and one space between tokens", () => {
    expect(tokenSpans(["Ted", "👩‍🚀", "Cruz"])).toEqual([
      { start: 0, end: 3 },
      { start: 4, end: 9 },
      { start: 10, end: 14 },
    ]);
    expect(tokenSpans([])).toEqual([]);
  });

  it("gives each token back from the joined text, and the whole text between first and last", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (tokens) => {
        const text = tokens.join(" ");
        const spans = tokenSpans(tokens);
        expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(tokens);
        expect(spans.at(-1)?.end ?? 0).toBe(text.length);
        for (const [index, { start }] of spans.entries()) expect(start).toBe(index && (spans[index - 1]?.end ?? 0) + 1);
      }),
    );
  });
});

describe("tokenEndingFrom", () => {
  it("gives the first token that ends at a place or after it", () => {
    const spans = tokenSpans(["Ted", "Cruz"]);
    expect([0, 3, 4, 8, 9].map((place) => tokenEndingFrom(spans, place)?.index)).toEqual([0, 0, 1, 1, undefined]);
  });
});
