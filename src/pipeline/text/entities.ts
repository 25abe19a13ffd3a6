import type { Mention } from "../../../schemas/stages/mner.ts";

/** One name with one type: all its mentions in the text. */
export interface NamedEntity {
  readonly id: string;
  /** The name as its first mention writes it, without a leading `@` or `#`. */
  readonly text: string;
  readonly type: string;
  /** In text order. */
  readonly mentions: readonly Mention[];
}

/**
 * Mentions of one name and one type as one entity, in the order in which the text first names them. `mentions` are in
 * text order.
 */
export function groupEntities(mentions: readonly Mention[]): NamedEntity[] {
  const groups = new Map<string, Mention[]>();
  for (const mention of mentions) {
    const key = `${mention.type} ${foldName(mention.text)}`;
    groups.set(key, [...(groups.get(key) ?? []), mention]);
  }
  return [...groups.values()].flatMap((group, index) => {
    const [first] = group;
    return first ? [{ id: `e${index + 1}`, text: bareName(first.text), type: first.type, mentions: group }] : [];
  });
}

/** The form in which two spellings of one name agree: NFKC, case-folded, without a leading `@` or `#`. */
export function foldName(name: string): string {
  // Upper case comes first because it gives "ß" and "ss", "ς" and "σ" one form, as Unicode case folding does.
  return bareName(name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC"));
}

/** A handle or hashtag as a name. A mention that is only the sign stays as it is. */
function bareName(text: string): string {
  return text.replace(/^[@#＠＃]+(?=.)/su, "");
}
