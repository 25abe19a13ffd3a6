import { LIMITS } from "../../schemas/limits.ts";
import { scriptProblem } from "../../schemas/script.ts";
import type { Doubt, Mention } from "../../schemas/stages/mner.ts";
import type { Pause } from "../queue.ts";
import type { StageFunction } from "../stage-function.ts";
import { weightsEntry } from "../weights.ts";
import { joinDoubleNames } from "./double-names.ts";
import { decode, outside, type TaggedSpan } from "./lattice.ts";
import { markedNames, spellOut, withMarkedNames } from "./marked-names.ts";
import { loadTagger, TAGGER_WEIGHTS, type Tagger } from "./tagger.ts";
import { type Word, wordsOf, wordsOfTokens } from "./words.ts";

/** Mention recognition from the text alone: PER, LOC, ORG and OTHER in English tweets. */
export async function loadMner(): Promise<StageFunction<"mner">> {
  const tag = await loadTagger();
  const { method: model, version } = weightsEntry(TAGGER_WEIGHTS);
  return {
    name: "mner",
    model,
    version,
    async run(input, { pause }) {
      if (input.labels !== "gmner")
        throw new Error("labels_not_covered: the tagger has only the labels PER, LOC, ORG and OTHER");
      const text = input.tokens?.join(" ") ?? input.text ?? "";
      const words = input.tokens ? wordsOfTokens(input.tokens) : wordsOf(text);
      const { spans, probabilities } = await spansOf(words, input.tokens !== undefined, tag, pause);
      const mentions = spans.flatMap(({ from, to, type, probability }) => {
        const span = trimmed(text, words[from]?.start ?? 0, words[to - 1]?.end ?? 0);
        return span ? [{ ...span, type, score: probability } satisfies Mention] : [];
      });
      const problem = scriptProblem(text);
      const doubts = doubtsOf(words, spans, probabilities);
      return { model, version, mentions, doubts, problems: problem ? [problem] : [] };
    },
  };
}

/**
 * The names among the words: read once as they are, and once with handles and hashtags spelled out, if there are any.
 * `probabilities` says of each word how probable it is that it is in no name, by the first reading.
 */
async function spansOf(words: readonly Word[], marksApart: boolean, tag: Tagger, pause: Pause) {
  if (words.length === 0) return { spans: [], probabilities: [] };
  const scores = await tag(words, pause);
  const spans = joinDoubleNames(decode(scores), words);
  const probabilities = outside(scores);
  const names = markedNames(words, marksApart);
  if (names.length === 0) return { spans, probabilities };
  const spelled = spellOut(words, names);
  const read = joinDoubleNames(decode(await tag(spelled.words, pause)), spelled.words);
  return { spans: withMarkedNames(spans, names, spelled.places, read), probabilities };
}

/** A word that is in no name with a higher probability is no doubt. */
const SURE = 0.999;

/** The words outside names that may be in one, the least sure of them, in text order. */
function doubtsOf(words: readonly Word[], spans: readonly TaggedSpan[], probabilities: readonly number[]): Doubt[] {
  const isNamed = new Uint8Array(words.length);
  for (const { from, to } of spans) isNamed.fill(1, from, to);
  const doubts = words.flatMap(({ start, end }, index) => {
    const score = probabilities[index] ?? 1;
    return isNamed[index] || start === end || score >= SURE ? [] : [{ start, end, score }];
  });
  const least = doubts.sort((a, b) => a.score - b.score).slice(0, LIMITS.mentionDoubts);
  return least.sort((a, b) => a.start - b.start);
}

/**
 * A mention without the mark of a handle or a hashtag, and without the space that a tokeniser put after the mark. Null
 * when nothing is left.
 */
function trimmed(text: string, start: number, end: number): { text: string; start: number; end: number } | null {
  const mark = /^[@#]*\s*/u.exec(text.slice(start, end))?.[0].length ?? 0;
  const surface = text.slice(start + mark, end).trimEnd();
  return surface === "" ? null : { text: surface, start: start + mark, end: start + mark + surface.length };
}
