import { scriptProblem } from "../../schemas/script.ts";
import type { Mention } from "../../schemas/stages/mner.ts";
import type { Pause } from "../queue.ts";
import type { StageFunction } from "../stage-function.ts";
import { weightsEntry } from "../weights.ts";
import { joinDoubleNames } from "./double-names.ts";
import { decode, type TaggedSpan } from "./lattice.ts";
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
      const spans = await spansOf(words, input.tokens !== undefined, tag, pause);
      const mentions = spans.flatMap(({ from, to, type, probability }) => {
        const span = trimmed(text, words[from]?.start ?? 0, words[to - 1]?.end ?? 0);
        return span ? [{ ...span, type, score: probability } satisfies Mention] : [];
      });
      const problem = scriptProblem(text);
      return { model, version, mentions, problems: problem ? [problem] : [] };
    },
  };
}

/**
 * The names among the words: read once as they are, and once with handles and hashtags spelled out, if there are any.
 */
async function spansOf(words: readonly Word[], marksApart: boolean, tag: Tagger, pause: Pause): Promise<TaggedSpan[]> {
  const read = async (text: readonly Word[]) =>
    text.length > 0 ? joinDoubleNames(decode(await tag(text, pause)), text) : [];
  const spans = await read(words);
  const names = markedNames(words, marksApart);
  if (names.length === 0) return spans;
  const spelled = spellOut(words, names);
  return withMarkedNames(spans, names, spelled.places, await read(spelled.words));
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
