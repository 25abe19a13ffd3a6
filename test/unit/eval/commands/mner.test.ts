import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { handleTokens, toTokens } from "../../../../eval/commands/mner.ts";
import { readConll } from "../../../../eval/readers/conll.ts";
import { scoreSpans, spansOf } from "../../../../eval/scorers/seqeval.ts";

describe("a CoNLL file", () => {
  test("is sentences of tokens and labels, by tabs or spaces, with or without IMGID", () => {
    const text = "IMGID:1\nTed\tB-PER\nCruz\tI-PER\n\n-DOCSTART- O\n\nHi NN O\r\n\r\n\n";
    expect(readConll(text)).toEqual([
      { tokens: ["Ted", "Cruz"], labels: ["B-PER", "I-PER"] },
      { tokens: ["Hi"], labels: ["O"] },
    ]);
  });

  test.each(["Ted", "Ted\tPER", "Ted\tE-PER"])("%j is refused with its line", (line) => {
    expect(() => readConll(`Hi\tO\n${line}\n`)).toThrow(/^line 2/);
  });
});

// What seqeval 1.2.2's get_entities gives in its default mode.
test.each([
  ["B-PER I-PER O B-LOC", ["PER 0 2", "LOC 3 4"]],
  ["I-PER I-PER O", ["PER 0 2"]],
  ["B-PER B-PER", ["PER 0 1", "PER 1 2"]],
  ["B-PER I-LOC I-LOC", ["PER 0 1", "LOC 1 3"]],
  ["O I-ORG B-ORG I-ORG", ["ORG 1 2", "ORG 2 4"]],
  ["B-geo-loc I-geo-loc", ["geo-loc 0 2"]],
  ["O", []],
])("%s has the spans %j", (labels, expected) => {
  expect(spansOf(labels.split(" ")).map(({ type, start, end }) => `${type} ${start} ${end}`)).toEqual(expected);
});

test("scores are micro-averaged in percent, over all and by type", () => {
  const gold = [spansOf(["B-PER", "I-PER", "O", "B-LOC"]), spansOf(["B-ORG"])];
  const predicted = [spansOf(["B-PER", "I-PER", "O", "B-ORG"]), spansOf(["B-ORG"]), spansOf([])];
  const scores = scoreSpans(gold, predicted);
  expect(scores).toMatchObject({ predicted: 3, gold: 3 });
  expect(scores.f1).toBeCloseTo(66.67, 2);
  expect(scores.by_type.PER?.f1).toBe(100);
  expect(scores.by_type.LOC).toMatchObject({ precision: 0, recall: 0, f1: 0 });
  expect(scores.by_type.ORG?.precision).toBe(50);
});

test("a span counts in its own sentence only", () => {
  const span = spansOf(["B-PER"]);
  expect(scoreSpans([span, []], [[], span]).f1).toBe(0);
});

test("a mention over whole tokens becomes those tokens; one that ends inside a token becomes that token too", () => {
  const tokens = ["@", "Ted", "Cruz", "!"];
  expect(toTokens(tokens, [{ start: 2, end: 10, type: "PER" }])).toEqual([{ type: "PER", start: 1, end: 3 }]);
  expect(toTokens(tokens, [{ start: 3, end: 7, type: "PER" }])).toEqual([{ type: "PER", start: 1, end: 3 }]);
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 }),
      fc.nat(7),
      fc.nat(7),
      (words, a, b) => {
        const [from, to] = [Math.min(a, b) % words.length, Math.max(a, b) % words.length].toSorted((x, y) => x - y) as [
          number,
          number,
        ];
        const start = words.slice(0, from).reduce((sum, { length }) => sum + length + 1, 0);
        const end = words.slice(0, to + 1).join(" ").length;
        expect(toTokens(words, [{ start, end, type: "LOC" }])).toEqual([{ type: "LOC", start: from, end: to + 1 }]);
      },
    ),
  );
});

test("the names of handles are known, whole or split", () => {
  expect(handleTokens(["RT", "@", "NASA", ":", "@ESA", "@", "!"])).toEqual([
    false,
    false,
    true,
    false,
    true,
    false,
    false,
  ]);
});
