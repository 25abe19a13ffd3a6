import { LIMITS } from "../../../schemas/limits.ts";
import { plainWords } from "../adapters/quote.ts";
import { StageError } from "../model.ts";
import { afterThoughts } from "../replies/extract-json.ts";

// A post can make a model repeat one character without end, so each pattern here takes linear time.

/** The place between two sentences. A dot inside a word (an address, a number) does not end a sentence. */
const BETWEEN_SENTENCES = /(?<=[.!?][)"'”’]{0,3})\s+|(?<=[。！？])/u;
/** The mark of a list item or a heading. */
const LINE_MARK = /^[^\S\r\n\u2028\u2029]*(?:[-*•]|#+)\s+/gmu;

/**
 * A model's description as one paragraph: without list marks and emphasis, without sentences that hold links, markup or
 * code, and cut to whole sentences within `LIMITS.expressionLength`. Throws a `StageError` where nothing is left.
 */
export function paragraphOf(reply: string): string {
  const text = afterThoughts(reply).replace(LINE_MARK, "");
  const sentences = text.replace(/[*]+|_+/gu, keepInsideWords).split(BETWEEN_SENTENCES);
  let paragraph = "";
  for (const sentence of sentences) {
    const plain = plainWords(sentence, LIMITS.expressionLength);
    if (plain === null) continue;
    const longer = paragraph === "" ? plain : `${paragraph} ${plain}`;
    if (longer.length > LIMITS.expressionLength) break;
    paragraph = longer;
  }
  if (paragraph === "") throw new StageError("invalid_output", "answered without a description in plain words");
  return paragraph;
}

/** Drops emphasis and keeps underscores between letters, which are part of a name. */
function keepInsideWords(marks: string, at: number, text: string): string {
  const inside = marks.startsWith("_") && /\w/.test(text[at - 1] ?? "") && /\w/.test(text[at + marks.length] ?? "");
  return inside ? marks : "";
}
