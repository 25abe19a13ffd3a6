import { LIMITS } from "../../../schemas/limits.ts";
import type { Span } from "../../../schemas/primitives.ts";
import { firstAtLeast } from "../../../schemas/sorted.ts";
import { huggingFaceAdapter, huggingFacePrice } from "../adapters/huggingface.ts";
import { StageError } from "../model.ts";
import { fold } from "./fold-text.ts";
import { foldedOccurrences, wideningTo, withoutMark } from "./locate-names.ts";
import { nameWithin } from "./name-ends.ts";
import { readGroups, type TagGroup } from "./tag-groups.ts";
import { gmnerTypeOfTag } from "./tags.ts";
import { wordEdges } from "./whole-word.ts";

/**
 * The longest text, in characters, that fits most taggers' 512 tokens. A longer one is read in overlapping windows:
 * without them the host silently drops its end.
 */
const WINDOW = 1_000;
const STRIDE = 64;

/**
 * Any tagger of Hugging Face's token classification task. Knowledge follows the text as `text <EOS> knowledge` (PGIM,
 * arXiv 2305.12212, section 3.3).
 */
export const tokenClassification = huggingFaceAdapter({
  stage: "mner",
  promptVersion: "1",
  batch: Number.POSITIVE_INFINITY,
  card: {
    title: "any token classification model, such as tner/roberta-large-tweetner7-all",
    ...huggingFacePrice,
    returns: "mentions with the mean probability of their tokens, their types mapped to GMNER's four",
    cannot: "give other types; see the picture",
    picture: "none",
  },
  abilities: { covers: (labels) => labels === "gmner" },
  async ask({ text, tokens, knowledge }, host) {
    const words = tokens?.join(" ") ?? text ?? "";
    const inputs = knowledge === undefined ? words : `${words} <EOS> ${knowledge}`;
    const parameters = {
      aggregation_strategy: "simple" as const,
      ...(inputs.length > WINDOW ? { stride: STRIDE } : {}),
    };
    // The client's own method refuses single tokens and groups without positions.
    const groups = readGroups(await host.post({ inputs, parameters }), inputs);
    if (groups.length > 0 && groups.every(({ tag }) => /^LABEL_\d+$/.test(tag))) {
      throw new StageError("invalid_output", "has numbered labels instead of type names");
    }
    return { mentions: mentionsOf(words, tokens ?? null, groups), problems: [] };
  },
});

/** Where two groups were widened to one word, the longer is kept, then the one with the higher score. */
function mentionsOf(text: string, tokens: readonly string[] | null, groups: readonly TagGroup[]) {
  const widen = tokens ? wideningTo(tokens) : (span: Span) => span;
  const anchor = anchoring(text);
  const found = groups.flatMap((group) => {
    const type = gmnerTypeOfTag(group.tag);
    const place = type && anchor(group);
    const span = place && withoutMark(text, widen(place));
    // A sum of 32-bit floats can be a little more than 1.
    return type && span
      ? { text: text.slice(span.start, span.end), ...span, type, score: Math.min(1, Math.max(0, group.score)) }
      : [];
  });
  found.sort((a, b) => b.end - b.start - (a.end - a.start) || b.score - a.score);
  const kept: typeof found = [];
  for (const mention of found) {
    if (!kept.some(({ start, end }) => start < mention.end && mention.start < end)) kept.push(mention);
  }
  return kept.sort((a, b) => a.start - b.start);
}

/**
 * Finds a group's word in the text, widened to whole words: "simple" aggregation splits a word whose pieces have
 * different tags. The group's positions count code points, as Python does, or UTF-16 code units. They are used where
 * the word stands there; else the nearest occurrence is. A group without positions is searched for after the last one.
 */
function anchoring(text: string): (group: TagGroup) => Span | null {
  const codePoints = [0];
  for (const character of text) codePoints.push((codePoints.at(-1) ?? 0) + character.length);
  const folded = fold(text);
  const edges = wordEdges(text);
  const found = new Map<string, readonly Span[]>();
  // The text is searched once for each word, however often a tagger answers with it.
  const occurrencesOf = (word: string) => {
    const known = found.get(word) ?? foldedOccurrences(text, folded, word);
    found.set(word, known);
    return known;
  };
  const whole = ({ start, end }: Span) =>
    trimmed(text, { start: edges.starts[start] ?? start, end: edges.ends[end] ?? end });
  let last = 0;
  return ({ spellings, span: place }) => {
    const occurrences = () =>
      spellings.map((word) => occurrencesOf(word.trim())).find(({ length }) => length > 0) ?? [];
    if (!place) {
      const places = occurrences();
      const next = places[firstAtLeast(places.length, (index) => places[index]?.start ?? 0, last)];
      last = next?.end ?? last;
      return next ? whole(next) : null;
    }
    const byCodePoints = {
      start: codePoints[Math.max(0, place.start)] ?? text.length,
      end: codePoints[place.end] ?? text.length + 1,
    };
    // A word behind the text belongs to the knowledge.
    if (byCodePoints.start >= text.length) return null;
    const skeletons = spellings.map(skeleton).filter((word) => word !== "");
    const longest = LONGEST_FORM * Math.max(...spellings.map(({ length }) => length));
    const there = [byCodePoints, place].find(
      ({ start, end }) =>
        end <= text.length && end - start <= longest && skeletons.includes(skeleton(text.slice(start, end))),
    );
    const span = there ?? nearest(occurrences(), byCodePoints.start);
    return span ? whole(span) : null;
  };
}

/** How much longer a word may be in a text than a tokeniser writes it: marks and invisible characters are left out. */
const LONGEST_FORM = 8;

/** The span that begins nearest to a place, the left one of two. */
function nearest(spans: readonly Span[], place: number): Span | undefined {
  const right = firstAtLeast(spans.length, (index) => spans[index]?.start ?? 0, place);
  const [before, after] = [spans[right - 1], spans[right]];
  return before && (!after || place - before.start <= after.start - place) ? before : after;
}

/** A word as every tokeniser keeps it: without case, accents and spaces. */
function skeleton(word: string): string {
  return fold(word)
    .text.normalize("NFKD")
    .replace(/[\p{M}\s]/gu, "");
}

function trimmed(text: string, { start, end }: Span): Span | null {
  const name = end - start > LIMITS.nameLength ? null : nameWithin(text.slice(start, end));
  return name && withoutMark(text, { start: start + name.start, end: start + name.end });
}
