import type { Mention } from "../../schemas/stages/mner.ts";
import type { StageFunction } from "../stage-function.ts";
import { weightsEntry } from "../weights.ts";
import { decode } from "./lattice.ts";
import { scriptProblem } from "./script.ts";
import { loadTagger, TAGGER_WEIGHTS } from "./tagger.ts";
import { wordsOf, wordsOfTokens } from "./words.ts";

/** Mention recognition from the text alone: PER, LOC, ORG and OTHER in English tweets. */
export async function loadMner(): Promise<StageFunction<"mner">> {
  const tag = await loadTagger();
  const { method: model, version } = weightsEntry(TAGGER_WEIGHTS);
  return {
    name: "mner",
    model,
    version,
    async run(input, { signal }) {
      if (input.labels !== "gmner")
        throw new Error("labels_not_covered: the tagger has only the labels PER, LOC, ORG and OTHER");
      const text = input.tokens?.join(" ") ?? input.text ?? "";
      const words = input.tokens ? wordsOfTokens(input.tokens) : wordsOf(text);
      const spans = words.length > 0 ? decode(await tag(words, signal)) : [];
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
 * A mention without the mark of a handle or a hashtag, and without the space that a tokeniser put after the mark. Null
 * when nothing is left.
 */
function trimmed(text: string, start: number, end: number): { text: string; start: number; end: number } | null {
  const mark = /^[@#]*\s*/u.exec(text.slice(start, end))?.[0].length ?? 0;
  const surface = text.slice(start + mark, end).trimEnd();
  return surface === "" ? null : { text: surface, start: start + mark, end: start + mark + surface.length };
}
