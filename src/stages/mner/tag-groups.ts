import * as z from "zod/mini";
import { LIMITS } from "../../../schemas/limits.ts";
import { listOf, type Span } from "../../../schemas/primitives.ts";
import { StageError } from "../model.ts";
import { readShape } from "../replies/read-shape.ts";
import { gmnerTypeOfTag } from "./tags.ts";
import { isInsideWord } from "./whole-word.ts";
import { fromPieces, spellingsOf } from "./word-pieces.ts";

/** Neighbouring tokens with one tag. */
export interface TagGroup {
  readonly tag: string;
  readonly score: number;
  /** The group's words, as they may stand in the text. */
  readonly spellings: readonly string[];
  /** Where the host says that the group is, in its own unit; null where it does not say. */
  readonly span: Span | null;
}

const Tag = z.string().check(z.maxLength(LIMITS.typeLength));
const position = z.optional(z.nullable(z.int()));
/** A group of `aggregation_strategy: "simple"`, or a single token as hosts answer that do not know this parameter. */
const Item = z.object({
  entity_group: z.optional(z.nullable(Tag)),
  entity: z.optional(z.nullable(Tag)),
  score: z.number(),
  word: z.string().check(z.maxLength(LIMITS.nameLength)),
  start: position,
  end: position,
  /** The token's number in the text. */
  index: position,
});
type Item = z.infer<typeof Item>;
/**
 * Maximum groups or tokens, and maximum length of their words together. Byte-level tokenisers write each byte as a
 * character. Set by hand.
 */
const [MOST_ITEMS, MOST_WORDS] = [2 * LIMITS.mentions, 5 * LIMITS.textLength];
const Output = listOf(z.union([Item, listOf(Item, MOST_ITEMS)]), MOST_ITEMS);

/**
 * The groups of a tagger's answer, in one list or in a list for each text. Single tokens are grouped. Throws a
 * `StageError` for anything else.
 *
 * @param inputs the text that the tagger read
 */
export function readGroups(output: unknown, inputs: string): TagGroup[] {
  // Positions count code points, as Python does. Hosts in JavaScript send the tokens' numbers instead.
  const text = characterText(inputs);
  const read = readShape(Output, output).flat();
  if (read.length > MOST_ITEMS || read.reduce((sum, { word }) => sum + word.length, 0) > MOST_WORDS)
    throw new StageError("invalid_output", "answered with more words than a text has");
  const groups: Item[][] = [];
  for (const item of read) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (last && continues(last, item, text)) group?.push(item);
    else groups.push([item]);
  }
  return groups.map((items) => {
    const [first, last] = [items[0], items.at(-1)];
    const span = { start: first?.start ?? -1, end: last?.end ?? -1 };
    return {
      tag: first?.entity_group ?? first?.entity ?? "",
      score: items.reduce((sum, { score }) => sum + score, 0) / items.length,
      spellings: spellingsOf(fromPieces(items.map(({ word }) => word))),
      span: span.start < 0 || span.end < 0 ? null : span,
    };
  });
}

/** Whether a token goes on with the name of the token before it. A group is whole as it is. */
function continues(last: Item, item: Item, text: CharacterText): boolean {
  if (last.entity_group || item.entity_group || !last.entity || !item.entity) return false;
  const type = gmnerTypeOfTag(item.entity);
  if (type === null || type !== gmnerTypeOfTag(last.entity) || !isNext(last, item, text)) return false;
  return !/^[BSU]-/.test(item.entity) || item.word.startsWith("##") || isInOneWord(last, item, text);
}

/** Whether no other token stands between two. Of tokens without numbers and positions, the tag alone can say it. */
function isNext(last: Item, item: Item, { inkFrom }: CharacterText): boolean {
  if (last.index != null && item.index != null) return item.index === last.index + 1;
  if (last.end == null || item.start == null) return /^[IELM]-/.test(item.entity ?? "") || item.word.startsWith("##");
  return item.start >= last.end && (inkFrom[Math.max(0, last.end)] ?? item.start) >= item.start;
}

function isInOneWord({ end }: Item, { start }: Item, { characters }: CharacterText): boolean {
  const [before = "", after = ""] = end != null && start === end ? characters.slice(end - 1, end + 1) : [];
  return before !== "" && isInsideWord(before + after, before.length);
}

/** The characters of a text, and for each place the first from it on that is not white space. */
interface CharacterText {
  readonly characters: readonly string[];
  readonly inkFrom: readonly number[];
}

function characterText(text: string): CharacterText {
  const characters = [...text];
  const inkFrom: number[] = [];
  let ink = characters.length;
  for (let place = characters.length; place >= 0; place--) {
    if (characters[place]?.trim()) ink = place;
    inkFrom[place] = ink;
  }
  return { characters, inkFrom };
}
