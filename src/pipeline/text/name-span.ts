import { CLITIC, HARD_SPACE } from "../../../schemas/post-text.ts";
import type { Span } from "../../../schemas/primitives.ts";

/**
 * Where one name ends and another begins inside a span: between two lines of text or cells of a table, and at the mark
 * of a handle or hashtag that touches the word before it.
 */
const BORDER = new RegExp(String.raw`\s*${HARD_SPACE}\s*|(?<=[\p{L}\p{N}])[@#](?=\p{L})`, "gu");

/** "anti-" of anti-Trump; "-based" of Houston-based. */
const PREFIX = /^(?:[Aa]nti|[Ee]x|[Nn]on|pro|pre|post|mid)-(?=\p{Lu})/u;
const SUFFIX = /-(?:area|backed|based|born|bound|era|inspired|led|like|made|native|owned|style|themed|trained|wide)$/u;
const CLITIC_AT_END = new RegExp(String.raw`(?<=[\p{L}\p{N}\p{M}.])${CLITIC}$`, "iu");

/**
 * Names that end in 's, by the word before it. No rule can tell them from a possessive. As the name of a person the
 * word stands without the end: Wendy's book.
 */
const ENDS_IN_S = new Set(
  (
    "albertson applebee arby bloomingdale chili christie culver denny dillard domino hardee harrah hershey kellogg kohl " +
    "lay levi lloyd lowe macy mcdonald moody morrison nando popeye pringle reese sainsbury smucker sotheby wendy zaxby jerry"
  ).split(" "),
);
const ENDS_IN_S_AFTER = /(?:^|\s)(?:jack daniel|papa john|saint john|st\. john|trader joe)$/iu;
/** Names that end in a mark of the sentence. */
const ENDS_IN_MARK = /(?:^|\s)(?:yahoo!|jeopardy!|wham!|mamma mia!)$/iu;
/** A full stop that belongs to the word before it: U.S., Jr. */
const ABBREVIATION = /(?:(?<!\p{L})\p{L}|(?<!\p{L})(?:ave|bros|co|corp|dr|inc|jr|ltd|mt|sr|st))\.$/iu;

/**
 * The names in a span that a model gave for one name. Parts on different lines, or far apart, are names of their own.
 * Symbols round a name, a possessive and affixes such as "anti-" and "-based" are no part of it. Nothing is left of a
 * span without a letter or a digit.
 *
 * @param type the name's type; a possessive's end depends on it
 */
export function nameSpans(text: string, { start, end }: Span, type: string): Span[] {
  const spans: Span[] = [];
  let from = start;
  for (const { 0: space, index } of text.slice(start, end).matchAll(BORDER)) {
    spans.push({ start: from, end: start + index });
    from = start + index + space.length;
  }
  return [...spans, { start: from, end }].flatMap((span) => trimmed(text, span, type) ?? []);
}

function trimmed(text: string, span: Span, type: string): Span | null {
  let name = text.slice(span.start, span.end);
  let { start } = span;
  const cutStart = (pattern: RegExp) => {
    const cut = pattern.exec(name)?.[0].length ?? 0;
    [name, start] = [name.slice(cut), start + cut];
  };
  const cutEnd = (pattern: RegExp) => {
    name = name.replace(pattern, "");
  };
  cutStart(/^[^\p{L}\p{N}]+/u);
  cutEnd(/[\p{Z}\p{C}]+$/u);
  const keepsMark = ENDS_IN_MARK.test(name) || ABBREVIATION.test(name) || /\([^)]*\)$/u.test(name);
  if (!keepsMark) cutEnd(/[^\p{L}\p{N}\p{M}+]+$/u);
  if (name === "") return null;
  cutStart(PREFIX);
  cutEnd(SUFFIX);
  const bare = name.replace(CLITIC_AT_END, "");
  const last = bare.split(/[\s-]/u).at(-1)?.toLowerCase() ?? "";
  if (type === "PER" || !(ENDS_IN_S.has(last) || ENDS_IN_S_AFTER.test(bare))) name = bare;
  else name = bare + (/^['’]s(?!\p{L})/iu.exec(text.slice(start + bare.length))?.[0] ?? "");
  return { start, end: start + name.length };
}
