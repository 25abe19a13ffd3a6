import { cutText } from "../../schemas/cut-text.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { toPointer } from "../../schemas/pointer.ts";
import { type FieldError, ProblemError } from "../../schemas/problem.ts";

/** Longest name of a caller, and longest JSON of a value, that a problem repeats, in UTF-16 code units. */
export const ECHO_LENGTH = 200;

/** Length of a problem's sentence from which no further field is named in it. Set by hand: a screen of text. */
const SENTENCE_LENGTH = 1_500;

/**
 * The problem of a request with these wrong fields. It names the first `LIMITS.problemErrors` and says how many more
 * there are.
 *
 * @param more wrong fields that are not listed
 * @param whole what a pointer of "" points to
 */
export function fieldProblem(
  errors: readonly FieldError[],
  code: ProblemError["code"] = "invalid_request",
  more = 0,
  whole = "The request",
): ProblemError {
  const listed = errors.slice(0, LIMITS.problemErrors);
  let sentence = "";
  let named = 0;
  for (const { pointer, detail } of listed) {
    const part = `${pointer || whole} ${detail}`;
    if (named > 0 && sentence.length + part.length > SENTENCE_LENGTH) break;
    sentence += `${named > 0 ? "; " : ""}${part}`;
    named++;
  }
  const unnamed = errors.length + more - named;
  if (unnamed > 0) sentence += `; and ${unnamed} more`;
  return new ProblemError(code, sentence.endsWith("?") ? sentence : `${sentence}.`, { errors: listed });
}

/** Throws the problem of these wrong fields, if there are any. */
export function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw fieldProblem(errors);
}

/** Pointer to a field whose name the caller chose. A long name is cut. */
export function pointerTo(name: string): string {
  return toPointer([cutText(name, ECHO_LENGTH)]);
}
