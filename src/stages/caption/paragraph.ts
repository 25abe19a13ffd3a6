import { LIMITS } from "../../../schemas/limits.ts";
import { plainWords } from "../adapters/plain-words.ts";
import { StageError } from "../model.ts";
import { afterThoughts } from "../replies/extract-json.ts";

// A post can make a model repeat one character without end, so each pattern here takes linear time.

/** The place between two sentences. A dot inside a word (an address, a number) does not end a sentence. */
const BETWEEN_SENTENCES = /(?<=[.!?][)"'”’]{0,3})\s+|(?<=[。！？])/u;
/** The mark of a list item or a heading. */
const LINE_MARK = /^[^\S\r\n\u2028\u2029]*(?:[-*•]|#+)\s+/gmu;

/**
 * A model's description as one paragraph of plain sentences (`plainWords`): without list marks and emphasis, without
 * sentences that hold links, markup or code, and cut to whole sentences within `LIMITS.expressionLength`. Null where
 * nothing is left.
 */
export function plainParagraph(text: string): string | null {
  let paragraph = "";
  for (const sentence of text.replace(LINE_MARK, "").split(BETWEEN_SENTENCES)) {
    const plain = plainWords(sentence, LIMITS.expressionLength);
    if (plain === null) continue;
    const longer = paragraph === "" ? plain : `${paragraph} ${plain}`;
    if (longer.length > LIMITS.expressionLength) break;
    paragraph = longer;
  }
  return paragraph === "" ? null : paragraph;
}

/** The paragraph in a model's reply. Throws a `StageError` where there is none in plain words. */
export function paragraphOf(reply: string): string {
  const paragraph = plainParagraph(afterThoughts(reply));
  if (paragraph === null) throw new StageError("invalid_output", "answered without a description in plain words");
  return paragraph;
}
