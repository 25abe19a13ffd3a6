import type { StageEntity } from "../../../schemas/primitives.ts";
import { StageError } from "../model.ts";

/** What shows nothing; but emoji and some scripts join their letters by two of them. */
const UNSEEN = /(?![\u200c\u200d])\p{Cf}/gu;

export interface PhraseForm {
  /** What the model reads as something else than words: a comma that begins another phrase, a mark of its own. */
  readonly without?: RegExp;
  /** So many words at most. */
  readonly words?: number;
}

/**
 * What a model should look for, the expression or else the name, as one line for a model that reads nothing but a
 * phrase: without characters that control, hide or break a line. Throws a `StageError` where nothing is left of either.
 *
 * @param form `without` needs the flag `g`
 */
export function phraseOf(
  entity: Pick<StageEntity, "expression" | "text"> | undefined,
  { without, words }: PhraseForm = {},
): string {
  for (const text of [entity?.expression, entity?.text]) {
    const line = (text ?? "").replace(UNSEEN, "").replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, " ");
    const plain = without ? line.replace(without, " ") : line;
    const phrase = plain.split(/\s+/).filter(Boolean).slice(0, words).join(" ");
    if (phrase !== "") return phrase;
  }
  throw new StageError("rejected", "must be told in words what to look for");
}
