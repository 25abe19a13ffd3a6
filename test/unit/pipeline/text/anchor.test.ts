import fc from "fast-check";
import { describe, expect, test } from "vitest";
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
});
