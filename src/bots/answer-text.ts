import type { RecognizeAnswer } from "../../schemas/recognize.ts";
import { fill, type Sentences } from "./sentences.ts";

/** A text with the places of its names, for platforms that show them bold. Positions are UTF-16 code units. */
export interface AnswerText {
  readonly text: string;
  readonly names: readonly { readonly start: number; readonly end: number }[];
}

type Answer = Pick<RecognizeAnswer, "entities" | "partial">;

/** What a line is made of: a name, which is shown bold, and what is said of it. */
export interface AnswerLine {
  readonly name: string;
  readonly rest: string;
}

/**
 * An answer in the markup of a platform.
 *
 * @param plain the markup of what is not a name
 * @param bold the markup of a name
 */
export function markUp(
  { text, names }: AnswerText,
  plain: (part: string) => string,
  bold: (name: string) => string,
): string {
  let [marked, at] = ["", 0];
  for (const { start, end } of names) {
    marked += plain(text.slice(at, start)) + bold(text.slice(start, end));
    at = end;
  }
  return marked + plain(text.slice(at));
}

/** The length of a line on a platform that writes it as it is. */
const plainLength = ({ name, rest }: AnswerLine): number => name.length + rest.length;

/**
 * What was found, a line an entity, within a length. What does not fit is counted in the last line.
 *
 * @param answers one for each picture of the message
 * @param limit at least 300
 * @param closing further sentences at the end
 * @param lengthOf the length of a line as it is sent; that of its UTF-16 code units without it
 */
export function answerText(
  answers: readonly Answer[],
  sentences: Sentences,
  limit: number,
  closing: readonly string[] = [],
  lengthOf: (line: AnswerLine) => number = plainLength,
): AnswerText {
  const lines = answers.flatMap(({ entities }, index) => {
    const heading = answers.length > 1 ? [{ name: fill(sentences.picture, { number: index + 1 }), rest: "" }] : [];
    const found = entities.map((entity) => ({ name: entity.text, rest: detailOf(entity, sentences) }));
    return [...heading, ...(found.length > 0 ? found : [{ name: "", rest: sentences.noNames }])];
  });
  const isPartial = answers.some(({ partial }) => partial);
  const last = [...closing, ...(isPartial ? [sentences.partial] : [])].map((sentence) => `\n${sentence}`).join("");
  return joined(lines, last, sentences, limit - lengthOf({ name: "", rest: last }), lengthOf);
}

function detailOf({ type, visible }: Answer["entities"][number], sentences: Sentences): string {
  const seen = visible === null ? sentences.cannotTell : visible ? sentences.visible : sentences.notVisible;
  return ` (${sentences.types[type as keyof Sentences["types"]] ?? type}): ${seen}`;
}

/** The lines, with the last ones behind them. `limit` is that of the lines alone. */
function joined(
  lines: readonly AnswerLine[],
  last: string,
  sentences: Sentences,
  limit: number,
  lengthOf: (line: AnswerLine) => number,
): AnswerText {
  const more = (number: number) => `… ${fill(sentences.more, { number })}`;
  const room = limit - lengthOf({ name: "", rest: more(lines.length) }) - 1;
  let [text, length] = ["", 0];
  const names: { start: number; end: number }[] = [];
  for (const [index, line] of lines.entries()) {
    const between = index === 0 ? "" : "\n";
    const isLast = index === lines.length - 1;
    length += between.length + lengthOf(line);
    if (length > (isLast ? limit : room)) {
      return { text: `${text}${between}${more(lines.length - index)}${last}`, names };
    }
    const start = text.length + between.length;
    if (line.name !== "") names.push({ start, end: start + line.name.length });
    text += between + line.name + line.rest;
  }
  return { text: text + last, names };
}
