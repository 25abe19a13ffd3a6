import type { Span } from "../../../schemas/primitives.ts";
import { huggingFaceAdapter, huggingFacePrice } from "../adapters/huggingface.ts";
import { StageError } from "../model.ts";
import { fold } from "./fold-text.ts";
import { foldedOccurrences, wideningTo, withoutMark } from "./locate-names.ts";
import { nameWithin } from "./name-ends.ts";
import { readGroups, type TagGroup } from "./tag-groups.ts";
import { gmnerTypeOfTag } from "./tags.ts";
import { isInsideWord } from "./whole-word.ts";

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
  const characters = [...text];
  const starts = [0];
  for (const character of characters) starts.push((starts.at(-1) ?? 0) + character.length);
  const folded = fold(text);
  let last = 0;
  return ({ spellings, span: place }) => {
    const occurrences = () =>
      spellings.map((word) => foldedOccurrences(text, folded, word.trim())).find(({ length }) => length > 0) ?? [];
    if (!place) {
      const next = occurrences().find(({ start }) => start >= last);
      last = next?.end ?? last;
      return next ? trimmed(text, widened(text, next)) : null;
    }
    const byCodePoints = {
      start: starts[Math.max(0, place.start)] ?? text.length,
      end: starts[place.end] ?? text.length + 1,
    };
    // A word behind the text belongs to the knowledge.
    if (byCodePoints.start >= text.length) return null;
    const skeletons = spellings.map(skeleton).filter((word) => word !== "");
    const there = [byCodePoints, place].find(
      ({ start, end }) => end <= text.length && skeletons.includes(skeleton(text.slice(start, end))),
    );
    const distance = (span: Span) => Math.abs(span.start - byCodePoints.start);
    const span = there ?? occurrences().sort((a, b) => distance(a) - distance(b))[0];
    return span ? trimmed(text, widened(text, span)) : null;
  };
}

/** A word as every tokeniser keeps it: without case, accents and spaces. */
function skeleton(word: string): string {
  return fold(word)
    .text.normalize("NFKD")
    .replace(/[\p{M}\s]/gu, "");
}

function widened(text: string, { start, end }: Span): Span {
  let [first, last] = [start, end];
  while (isInsideWord(text, first)) first--;
  while (isInsideWord(text, last)) last++;
  return { start: first, end: last };
}

function trimmed(text: string, { start, end }: Span): Span | null {
  const name = nameWithin(text.slice(start, end));
  return name && withoutMark(text, { start: start + name.start, end: start + name.end });
}
