import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scoreSpans, spansOf } from "../../../../eval/scorers/seqeval.ts";

describe("spansOf", () => {
  // The answers of get_entities in seqeval 1.2.2, in its default mode.
  it.each([
    ["B-PER I-PER O B-LOC", ["PER 0 2", "LOC 3 4"]],
    ["I-PER I-PER O", ["PER 0 2"]],
    ["B-PER B-PER", ["PER 0 1", "PER 1 2"]],
    ["B-PER I-LOC I-LOC", ["PER 0 1", "LOC 1 3"]],
    ["O I-ORG B-ORG I-ORG", ["ORG 1 2", "ORG 2 4"]],
    ["B-geo-loc I-geo-loc", ["geo-loc 0 2"]],
    ["O", []],
  ])("reads %s as %j", (labels, expected) => {
    expect(spansOf(labels.split(" ")).map(({ type, start, end }) => `${type} ${start} ${end}`)).toEqual(expected);
  });

  it("covers every label but O exactly once", () => {
    const label = fc.constantFrom("O", "B-PER", "I-PER", "B-LOC", "I-LOC");
    fc.assert(
      fc.property(fc.array(label), (labels) => {
        const covered = spansOf(labels).flatMap(({ start, end }) =>
          Array.from({ length: end - start }, (_, index) => start + index),
        );
        expect(covered).toEqual([...labels.keys()].filter((index) => labels[index] !== "O"));
      }),
    );
  });
});

describe("scoreSpans", () => {
  it("averages over all spans in percent, together and by type", () => {
    const gold = [spansOf(["B-PER", "I-PER", "O", "B-LOC"]), spansOf(["B-ORG"])];
    const predicted = [spansOf(["B-PER", "I-PER", "O", "B-ORG"]), spansOf(["B-ORG"]), spansOf([])];
    const scores = scoreSpans(gold, predicted);
    expect(scores).toMatchObject({ predicted: 3, gold: 3 });
    expect(scores.f1).toBeCloseTo(66.67, 2);
    expect(scores.by_type.PER?.f1).toBe(100);
    expect(scores.by_type.LOC).toMatchObject({ precision: 0, recall: 0, f1: 0 });
    expect(scores.by_type.ORG?.precision).toBe(50);
  });

  it("counts a span in its own sentence only", () => {
    const span = spansOf(["B-PER"]);
    expect(scoreSpans([span, []], [[], span]).f1).toBe(0);
  });

  it("gives 0 when nothing was predicted", () => {
    expect(scoreSpans([spansOf(["B-PER"])], [[]])).toMatchObject({ precision: 0, recall: 0, f1: 0, gold: 1 });
  });
});
