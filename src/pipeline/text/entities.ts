import type { Mention } from "../../../schemas/stages/mner.ts";
import { fold } from "../../stages/mner/fold-text.ts";
import type { CachedExpansion } from "../../storage/expansion-cache.ts";
import { readable } from "./readable.ts";

/** One name with one type: all its mentions in the text. */
export interface NamedEntity {
  readonly id: string;
  /** The readable form of the name in its first mention, without a leading `@` or `#`. */
  readonly text: string;
  readonly type: string;
  /** In text order. */
  readonly mentions: readonly Mention[];
  /** The expression that mner gave with the name, and the model that wrote it; absent where it gave none. */
  readonly expression?: CachedExpansion;
}

/**
 * Mentions of one name and one type as one entity, in the order in which the text first names them. `mentions` are in
 * text order.
 */
export function groupEntities(mentions: readonly Mention[]): NamedEntity[] {
  const groups = new Map<string, Mention[]>();
  for (const mention of mentions) {
    const key = `${mention.type} ${foldName(mention.text)}`;
    const group = groups.get(key);
    if (group) group.push(mention);
    else groups.set(key, [mention]);
  }
  return [...groups.values()].flatMap((group, index) => {
    const [first] = group;
    return first ? [{ id: `e${index + 1}`, text: bareName(first.text), type: first.type, mentions: group }] : [];
  });
}

/**
 * The form in which two spellings of one name agree: readable, NFKC, case-folded, with one form of quotes and dashes,
 * without white space and without a leading `@` or `#`. So `#EileenCollins` and `Eileen Collins` are one name.
 */
export function foldName(name: string): string {
  return fold(bareName(name)).text.replace(/(?<=.)\s+(?=.)/gsu, "");
}

/** A name in one line, without the mark of a handle or hashtag. A mention that is only the mark stays as it is. */
function bareName(text: string): string {
  const plain = readable(text, null).text.replace(/\s+/gu, " ").trim();
  return plain.replace(/^[@#＠＃]+(?=.)/su, "") || text;
}
