import { LIMITS } from "../../../schemas/limits.ts";
import { plainWords } from "../adapters/quote.ts";
import { StageError } from "../model.ts";
import { afterThoughts } from "../replies/extract-json.ts";

// A model may be brought to write one character without end: each pattern here takes a time that grows with the reply,
// and not with its square.

/** Where a sentence ends and another begins. A dot inside a word (an address, a number) ends none. */
const BETWEEN_SENTENCES = /(?<=[.!?][)"'”’]{0,3})\s+|(?<=[。！？])/u;
/** What makes a line one of a list, or a heading. */
const LINE_MARK = /^[^\S\r\n\u2028\u2029]*(?:[-*•]|#+)\s+/gmu;

/**
 * What a model wrote of a picture as one paragraph: without marks of a list or of emphasis, without the sentences that
 * are no plain words, and with as many sentences as a caption may have. Throws a `StageError` where nothing is left.
 */
export function paragraphOf(reply: string): string {
  const text = afterThoughts(reply).replace(LINE_MARK, "");
  const sentences = text.replace(/[*]+|_+/gu, keptInWords).split(BETWEEN_SENTENCES);
  let paragraph = "";
  for (const sentence of sentences) {
    const plain = plainWords(sentence, LIMITS.expressionLength);
    if (plain === null) continue;
    const longer = paragraph === "" ? plain : `${paragraph} ${plain}`;
    if (longer.length > LIMITS.expressionLength) break;
    paragraph = longer;
  }
  if (paragraph === "") throw new StageError("invalid_output", "described the picture in no plain words");
  return paragraph;
}

/** Emphasis is dropped; underscores between letters are part of a name. */
function keptInWords(marks: string, at: number, text: string): string {
  const inside = marks.startsWith("_") && /\w/.test(text[at - 1] ?? "") && /\w/.test(text[at + marks.length] ?? "");
  return inside ? marks : "";
}
