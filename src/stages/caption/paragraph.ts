import { LIMITS } from "../../../schemas/limits.ts";
import { afterThoughts } from "../extract-json.ts";
import { plainWords } from "../quote.ts";
import { StageError } from "../stage-model.ts";

/** Where a sentence ends and another begins. A dot inside a word (an address, a number) ends none. */
const BETWEEN_SENTENCES = /(?<=[.!?][)"'”’]*)\s+|(?<=[。！？])/u;

/**
 * What a model wrote of a picture as one paragraph: without marks of a list or of emphasis, without the sentences that are no plain words, and with as
 * many sentences as a caption may have. Throws a `StageError` where nothing is left.
 */
export function paragraphOf(reply: string): string {
  const text = afterThoughts(reply).replace(/^\s*(?:[-*•]|#+)\s+/gmu, "");
  const sentences = text.replace(/[*]+|(?<!\w)_+|_+(?!\w)/gu, "").split(BETWEEN_SENTENCES);
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
