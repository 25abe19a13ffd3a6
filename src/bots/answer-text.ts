import type { RecognizeAnswer } from "../../schemas/recognize.ts";
import { fill, type Sentences } from "./sentences.ts";

/** A text with the places of its names, for platforms that show them bold. Positions are UTF-16 code units. */
export interface AnswerText {
  readonly text: string;
  readonly names: readonly { readonly start: number; readonly end: number }[];
}

type Answer = Pick<RecognizeAnswer, "entities" | "partial">;

/** What a line is made of: a name, which is shown bold, and what is said of it. */
interface Line {
  readonly name: string;
  readonly rest: string;
}

/**
 * What was found, a line an entity, in at most so many UTF-16 code units. What does not fit is counted in the last
 * line.
 *
 * @param answers one for each picture of the message
 * @param limit at least 300
 * @param closing further sentences at the end
 */
export function answerText(
  answers: readonly Answer[],
  sentences: Sentences,
  limit: number,
  closing: readonly string[] = [],
): AnswerText {
  const lines = answers.flatMap(({ entities }, index) => {
    const heading = answers.length > 1 ? [{ name: fill(sentences.picture, { number: index + 1 }), rest: "" }] : [];
    const found = entities.map((entity) => ({ name: entity.text, rest: detailOf(entity, sentences) }));
    return [...heading, ...(found.length > 0 ? found : [{ name: "", rest: sentences.noNames }])];
  });
  const isPartial = answers.some(({ partial }) => partial);
  return joined(lines, [...closing, ...(isPartial ? [sentences.partial] : [])], sentences, limit);
}

function detailOf({ type, visible }: Answer["entities"][number], sentences: Sentences): string {
  const seen = visible === null ? sentences.cannotTell : visible ? sentences.visible : sentences.notVisible;
  return ` (${sentences.types[type as keyof Sentences["types"]] ?? type}): ${seen}`;
}

function joined(lines: readonly Line[], closing: readonly string[], sentences: Sentences, limit: number): AnswerText {
  const more = (number: number) => `… ${fill(sentences.more, { number })}`;
  const last = closing.map((sentence) => `\n${sentence}`).join("");
  const room = limit - last.length - more(lines.length).length - 1;
  let text = "";
  const names: { start: number; end: number }[] = [];
  for (const [index, { name, rest }] of lines.entries()) {
    const added = `${index === 0 ? "" : "\n"}${name}${rest}`;
    const isLast = index === lines.length - 1;
    if (text.length + added.length > (isLast ? limit - last.length : room)) {
      const left = more(lines.length - index);
      return { text: `${text}${text === "" ? "" : "\n"}${left}${last}`, names };
    }
    const start = text.length + (index === 0 ? 0 : 1);
    if (name !== "") names.push({ start, end: start + name.length });
    text += added;
  }
  return { text: text + last, names };
}
