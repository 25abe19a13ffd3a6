import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, LABEL_COUNT } from "../../../../functions/mner/lattice.ts";
import { scriptProblem } from "../../../../functions/mner/script.ts";
import { SHAPE, shapeOf } from "../../../../functions/mner/shape.ts";
import { windows } from "../../../../functions/mner/tagger.ts";
import { createWordPieces, UNKNOWN } from "../../../../functions/mner/word-piece.ts";
import { wordsOf, wordsOfTokens } from "../../../../functions/mner/words.ts";

const texts = (text: string) => wordsOf(text).map((word) => word.text);

describe("words", () => {
  test("stand exactly where they say, in order, and leave out white space alone, in any Unicode", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(
            fc.string({ unit: "binary", maxLength: 3 }),
            fc.constantFrom(" ", "@", "#", "_", "\ud83d", "👩‍🚀", "é"),
          ),
        }),
        (text) => {
          let end = 0;
          for (const word of wordsOf(text)) {
            expect(text.slice(word.start, word.end)).toBe(word.text);
            expect(text.slice(end, word.start)).toMatch(/^[\s\p{M}]*$/u);
            expect(word.start).toBeGreaterThanOrEqual(end);
            end = word.end;
          }
          expect(text.slice(end)).toMatch(/^[\s\p{M}]*$/u);
        },
      ),
    );
  });

  test.each([
    [
      "a handle and a hashtag are one word each",
      "RT @NASA_Hubble: #DeepField!",
      ["RT", "@NASA_Hubble", ":", "#DeepField", "!"],
    ],
    ["a URL is one word", "see https://t.co/a1?b=c now", ["see", "https://t.co/a1?b=c", "now"]],
    ["what joins letters stays inside", "AT&T can't, Coca-Cola U.S.", ["AT&T", "can't", ",", "Coca-Cola", "U.S", "."]],
    ["emoji split off", "Messi⚽️wins🏆", ["Messi", "⚽", "️wins", "🏆"]],
    ["marks stay with their letters", "Beyonce\u0301 rocks", ["Beyonce\u0301", "rocks"]],
    ["a lone mark is a word", "@ home # 1", ["@", "home", "#", "1"]],
  ])("%s", (_, text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  test("of tokens: a handle that was split is joined, and every word covers whole tokens", () => {
    expect(wordsOfTokens(["RT", "@", "marty", "_", "walsh", ":", "@", "!"]).map(({ text }) => text)).toEqual([
      "RT",
      "@marty_",
      "walsh",
      ":",
      "@",
      "!",
    ]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom("@", "_", "name", "Köln", "!", "👩‍🚀"), { minLength: 1 }), (tokens) => {
        const text = tokens.join(" ");
        const starts = new Set(tokens.map((_, index) => tokens.slice(0, index).join(" ").length + (index > 0 ? 1 : 0)));
        for (const { start, end, text: word } of wordsOfTokens(tokens)) {
          expect(starts.has(start)).toBe(true);
          expect(end === text.length || text[end] === " ").toBe(true);
          expect(text.slice(start, end).replaceAll(" ", "")).toBe(word);
        }
      }),
    );
  });
});

test.each([
  ["taylor", SHAPE.lower],
  ["Taylor", SHAPE.capital],
  ["NASA", SHAPE.capitals],
  ["iPhone", SHAPE.mixed],
  ["A", SHAPE.capital],
  ["2023", SHAPE.symbol],
  ["👩‍🚀", SHAPE.symbol],
  ["#NASA", SHAPE.hashtag],
  ["#", SHAPE.symbol],
  ["@NASA", SHAPE.handle],
  ["https://a.b", SHAPE.url],
])("%s has its shape", (word, shape) => {
  expect(shapeOf(word)).toBe(shape);
});

describe("word pieces", () => {
  const { encode } = createWordPieces(
    ["[PAD]", "play", "##ing", "##er", "p", "##l", "cafe", "&", "at", "t"].join("\n"),
  );
  test.each([
    ["the longest that fits", "playing", [1, 2]],
    ["lower case, without accents", "CAFÉ", [6]],
    ["punctuation apart", "AT&T", [8, 7, 9]],
    ["unknown when a part has none", "zebra", [UNKNOWN]],
    ["unknown when nothing is left", "\u0301", [UNKNOWN]],
    ["a part of more than 60 letters is unknown", "p".repeat(61), [UNKNOWN]],
  ])("%s", (_, word, ids) => {
    expect(encode(word)).toEqual(ids);
  });

  test("are at least one and at most twelve", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (word) => {
        const { length } = encode(word);
        expect(length).toBeGreaterThanOrEqual(1);
        expect(length).toBeLessThanOrEqual(12);
      }),
    );
  });
});

describe("the lattice", () => {
  /** Every sequence of labels that is BIO, with its probability: what Viterbi and forward-backward must agree with. */
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

  test("finds the most probable sequence, and each span's probability is that of all sequences that have it", () => {
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

test("windows cover every word, fit the model, and overlap", () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 400 });
  fc.assert(
    fc.property(pieces, (counts) => {
      const all = windows(counts.map((count) => ({ ids: Array.from({ length: count }, () => 7), shape: 0 })));
      expect(all.flatMap(([from, to]) => counts.slice(from, to)).length).toBeGreaterThanOrEqual(counts.length);
      all.forEach(([from, to], index) => {
        expect(counts.slice(from, to).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(126);
        const next = all[index + 1];
        if (next) {
          expect(next[0]).toBeGreaterThan(from);
          expect(next[0]).toBeLessThan(to);
        } else expect(to).toBe(counts.length);
      });
    }),
  );
});

test.each([
  ["Eileen Collins in Houston", null],
  ["", null],
  ["🚀🚀🚀 2024", null],
  ["Айлин Коллинз в Хьюстоне", "Cyrillic"],
  ["宇宙飛行士アイリーン・コリンズ NASA", "Katakana"],
  ["رائدة الفضاء إيلين كولينز", "Arabic"],
  ["Eileen Collins 在休斯顿", null],
])("script of %s: %s", (text, named) => {
  const problem = scriptProblem(text);
  if (named === null) expect(problem).toBeNull();
  else expect(problem).toMatchObject({ code: "script_not_covered", detail: expect.stringContaining(named) });
});
