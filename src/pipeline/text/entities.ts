import type { Mention } from "../../../schemas/stages/mner.ts";

/** One name with one type, wherever the text says it. */
export interface NamedEntity {
  readonly id: string;
  /** As its first mention writes it, without a leading `@` or `#`. */
  readonly text: string;
  readonly type: string;
  /** The best of the mentions' scores. */
  readonly score: number | null;
  readonly mentions: readonly Mention[];
}

/**
 * Mentions of one name and one type together, in the order in which the text first names them. `mentions` are in text
 * order.
 */
export function groupEntities(mentions: readonly Mention[]): NamedEntity[] {
  const groups = new Map<string, Mention[]>();
  for (const mention of mentions) {
    const key = `${mention.type} ${foldName(mention.text)}`;
    groups.set(key, [...(groups.get(key) ?? []), mention]);
  }
  return [...groups.values()].flatMap((group, index) => {
    const [first] = group;
    if (!first) return [];
    const scores = group.flatMap(({ score }) => score ?? []);
    const score = scores.length > 0 ? Math.max(...scores) : null;
    return [{ id: `e${index + 1}`, text: bareName(first.text), type: first.type, score, mentions: group }];
  });
}

/** What two spellings of one name have in common: NFKC, case-folded, a leading `@` or `#` removed. */
export function foldName(name: string): string {
  // Upper case first: it is what sends "ß" and "ss", "ς" and "σ" to one form, as Unicode's case folding does.
  return bareName(name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC"));
}

/** A handle or hashtag as a name. A mention that is nothing but the sign stays as it is. */
function bareName(text: string): string {
  return text.replace(/^[@#＠＃]+(?=.)/su, "");
}
