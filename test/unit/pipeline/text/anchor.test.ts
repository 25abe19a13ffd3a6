import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Mention } from "../../../../schemas/stages/mner.ts";
import { anchorMentions } from "../../../../src/pipeline/text/anchor.ts";
import { offsetsOf } from "../../../../src/pipeline/text/offsets.ts";
import { mention } from "../../../support/mention.ts";
import { unicode } from "../../../support/unicode.ts";

describe("anchorMentions", () => {
  test("gives slices of the text in whole characters, each span once, in text order, for any claims", () => {
    const claim = fc.record({
      text: unicode,
      start: fc.nat(40),
      end: fc.nat(40),
      type: fc.constantFrom("PER", "LOC") as fc.Arbitrary<Mention["type"]>,
      score: fc.constant(null),
    });
    fc.assert(
      fc.property(unicode, fc.array(claim), (text, claims) => {
        const spans = anchorMentions(text, claims).map((found) => {
          expect(text.slice(found.start, found.end)).toBe(found.text);
          expect(
            () =>
              offsetsOf(text, "code-point").fromUtf16(found.start) + offsetsOf(text, "code-point").fromUtf16(found.end),
          ).not.toThrow();
          return `${found.start} ${found.end}`;
        });
        expect(new Set(spans).size).toBe(spans.length);
        expect(spans).toEqual(
          spans.toSorted(
            (a, b) =>
              Number(a.split(" ")[0]) - Number(b.split(" ")[0]) || Number(a.split(" ")[1]) - Number(b.split(" ")[1]),
          ),
        );
      }),
    );
  });

  test("takes the nearest free occurrence when the model's offsets are off, and drops a name that is not there", () => {
    const text = "Felix and Felix";
    expect(anchorMentions(text, [mention("Felix", 1), mention("Felix", 12)]).map(({ start }) => start)).toEqual([
      0, 10,
    ]);
    expect(anchorMentions(text, [mention("Felix", 13)]).map(({ start }) => start)).toEqual([10]);
    expect(anchorMentions(text, [mention("Oscar", 0)])).toEqual([]);
  });

  test("searches the text once for a name that a model lists thousands of times", () => {
    const text = "A".repeat(1_000);
    const search = vi.spyOn(String.prototype, "indexOf");
    const claims = Array.from({ length: 1_000 }, (_, index) => mention("A", index % 7));
    const found = anchorMentions(text, claims);
    const searches = search.mock.calls.length;
    search.mockRestore();
    expect(found).toHaveLength(1_000);
    // One for each occurrence, and one for each mention.
    expect(searches).toBeLessThanOrEqual(2_001);
  });

  test("takes the nearest free occurrence, as a search of all of them would", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "b") }), fc.array(fc.nat(20)), (text, starts) => {
        const taken = new Set<number>();
        for (const expected of starts.toSorted((a, b) => a - b)) {
          const free = [...text].flatMap((letter, index) => (letter === "a" && !taken.has(index) ? [index] : []));
          const [nearest] = free.sort((a, b) => Math.abs(a - expected) - Math.abs(b - expected));
          if (nearest !== undefined) taken.add(nearest);
        }
        const found = anchorMentions(
          text,
          starts.map((start) => mention("a", start)),
        );
        expect(found.map(({ start }) => start)).toEqual([...taken].sort((a, b) => a - b));
      }),
    );
  });
});
