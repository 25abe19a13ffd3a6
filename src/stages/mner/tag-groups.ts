import * as z from "zod/mini";
import type { Span } from "../../../schemas/primitives.ts";
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

const position = z.optional(z.nullable(z.int()));
/** A group of `aggregation_strategy: "simple"`, or a single token as hosts answer that do not know this parameter. */
const Item = z.object({
  entity_group: z.optional(z.nullable(z.string())),
  entity: z.optional(z.nullable(z.string())),
  score: z.number(),
  word: z.string(),
  start: position,
  end: position,
  /** The token's number in the text. */
  index: position,
});
type Item = z.infer<typeof Item>;
const Output = z.array(z.union([Item, z.array(Item)]));

/**
 * The groups of a tagger's answer, in one list or in a list for each text. Single tokens are grouped. Throws a
 * `StageError` for anything else.
 *
 * @param inputs the text that the tagger read
 */
export function readGroups(output: unknown, inputs: string): TagGroup[] {
  // Positions count code points, as Python does. Hosts in JavaScript send the tokens' numbers instead.
  const characters = [...inputs];
  const groups: Item[][] = [];
  for (const item of readShape(Output, output).flat()) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (last && continues(last, item, characters)) group?.push(item);
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
function continues(last: Item, item: Item, characters: readonly string[]): boolean {
  if (last.entity_group || item.entity_group || !last.entity || !item.entity) return false;
  const type = gmnerTypeOfTag(item.entity);
  if (type === null || type !== gmnerTypeOfTag(last.entity) || !isNext(last, item, characters)) return false;
  return !/^[BSU]-/.test(item.entity) || item.word.startsWith("##") || isInOneWord(last, item, characters);
}

/** Whether no other token stands between two. Of tokens without numbers and positions, the tag alone can say it. */
function isNext(last: Item, item: Item, characters: readonly string[]): boolean {
  if (last.index != null && item.index != null) return item.index === last.index + 1;
  if (last.end == null || item.start == null) return /^[IELM]-/.test(item.entity ?? "") || item.word.startsWith("##");
  return item.start >= last.end && characters.slice(last.end, item.start).join("").trim() === "";
}

function isInOneWord({ end }: Item, { start }: Item, characters: readonly string[]): boolean {
  const [before = "", after = ""] = end != null && start === end ? characters.slice(end - 1, end + 1) : [];
  return before !== "" && isInsideWord(before + after, before.length);
}
