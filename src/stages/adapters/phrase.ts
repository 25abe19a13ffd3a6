import type { StageEntity } from "../../../schemas/primitives.ts";
import { StageError } from "../model.ts";

/** Invisible characters, except the two joiners that emoji and some scripts need. */
const INVISIBLE = /(?![\u200c\u200d])\p{Cf}/gu;

export interface PhraseForm {
  /** Characters to replace by spaces because the model gives them a meaning: a comma may begin another phrase. */
  readonly without?: RegExp;
  /** Maximum words. */
  readonly words?: number;
}

/**
 * The phrase that a detector searches for: the expression, or else the name, on one line and without control or
 * invisible characters. Throws a `StageError` when both are empty.
 *
 * @param form `without` needs the flag `g`
 */
export function phraseOf(
  entity: Pick<StageEntity, "expression" | "text">,
  { without, words }: PhraseForm = {},
): string {
  for (const text of [entity.expression, entity.text]) {
    const line = (text ?? "").replace(INVISIBLE, "").replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, " ");
    const plain = without ? line.replace(without, " ") : line;
    const phrase = plain.split(/\s+/).filter(Boolean).slice(0, words).join(" ");
    if (phrase !== "") return phrase;
  }
  throw new StageError("rejected", "needs a name or an expression to search for");
}
