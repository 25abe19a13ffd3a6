import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, LABEL_COUNT, outside } from "../../../../functions/mner/lattice.ts";

describe("decode", () => {
  /** Every valid BIO sequence with its probability, to compare Viterbi and forward-backward with. */
  function allSequences(scores: Float64Array): Array<{ labels: number[]; probability: number }> {
    let sequences: Array<{ labels: number[]; log: number }> = [{ labels: [], log: 0 }];
    for (let word = 0; word < scores.length / LABEL_COUNT; word++) {
      sequences = sequences.flatMap(({ labels, log }) =>
        Array.from({ length: LABEL_COUNT }, (_, label) => ({
          labels: [...labels, label],
          log: log + (scores[word * LABEL_COUNT + label] ?? 0),
        })).filter(({ labels: next }) => {
          const [last = 0, before = 0] = [next.at(-1), next.at(-2)];
          const inside = last > 0 && last % 2 === 0;
          return !inside || (next.length > 1 && (before === last || before === last - 1));
        }),
      );
    }
    const total = sequences.reduce((sum, { log }) => sum + Math.exp(log), 0);
    return sequences.map(({ labels, log }) => ({ labels, probability: Math.exp(log) / total }));
  }
  const spansOf = (labels: number[]) =>
    labels.flatMap((label, from) => {
      if (label % 2 === 0) return [];
      let to = from + 1;
      while (labels[to] === label + 1) to++;
      return [`${from} ${to} ${label}`];
    });
  const key = ({ from, to, type }: { from: number; to: number; type: string }) =>
    `${from} ${to} ${["PER", "LOC", "ORG", "OTHER"].indexOf(type) * 2 + 1}`;

  test("gives each word the probability that it is in no mention, over all sequences", () => {
    const logits = fc.integer({ min: 0, max: 3 }).chain((words) =>
      fc.array(fc.double({ min: -4, max: 4, noNaN: true }), {
        minLength: words * LABEL_COUNT,
        maxLength: words * LABEL_COUNT,
      }),
    );
    fc.assert(
      fc.property(logits, (values) => {
        const scores = Float64Array.from(values);
        const sequences = allSequences(scores);
        const probabilities = outside(scores);
        expect(probabilities).toHaveLength(values.length / LABEL_COUNT);
        for (const [word, probability] of probabilities.entries()) {
          const without = sequences.filter(({ labels }) => labels[word] === 0);
          expect(probability).toBeCloseTo(
            without.reduce((sum, sequence) => sum + sequence.probability, 0),
            9,
          );
        }
      }),
      { numRuns: 30 },
    );
  });

  test("finds the most probable BIO sequence, and the probability of each span over all sequences", () => {
    const logits = fc.integer({ min: 1, max: 4 }).chain((words) =>
      fc.array(fc.double({ min: -4, max: 4, noNaN: true }), {
        minLength: words * LABEL_COUNT,
        maxLength: words * LABEL_COUNT,
      }),
    );
    fc.assert(
      fc.property(logits, (values) => {
        const scores = Float64Array.from(values);
        const sequences = allSequences(scores);
        const best = Math.max(...sequences.map(({ probability }) => probability));
        const spans = decode(scores);
        const chosen = sequences.filter(({ labels }) => spansOf(labels).join() === spans.map(key).join());
        expect(Math.max(...chosen.map(({ probability }) => probability))).toBeCloseTo(best, 9);
        for (const span of spans) {
          const having = sequences.filter(({ labels }) => spansOf(labels).includes(key(span)));
          expect(span.probability).toBeCloseTo(
            having.reduce((sum, { probability }) => sum + probability, 0),
            9,
          );
        }
      }),
      { numRuns: 60 },
    );
  });
});
