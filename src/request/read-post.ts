import { typesOf } from "../../schemas/labels.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { type FieldError, ProblemError } from "../../schemas/problem.ts";
import type { RecognizeRequest } from "../../schemas/recognize.ts";
import type { Mention } from "../../schemas/stages/mner.ts";
import type { Picture } from "../pipeline/picture/read-picture.ts";
import type { Post } from "../pipeline/post.ts";
import type { Offsets } from "../pipeline/text/offsets.ts";
import { positionsOf } from "../pipeline/text/positions.ts";

/** A request's text, and its tokens when it sent those instead: the text is then the tokens joined by single spaces. */
export function wordsOf({ text, tokens }: { text?: string | undefined; tokens?: string[] | undefined }) {
  return { text: tokens?.join(" ") ?? text ?? "", tokens: tokens ?? null };
}

/** The pipeline's input from a checked request. Throws a `ProblemError` that names every wrong field. */
export function postOf(request: RecognizeRequest, picture: Picture | null): Post {
  const words = wordsOf(request);
  const positions = positionsOf(words.text, words.tokens, request.offset_encoding);
  const mentions = request.entities ? readMentions(words.text, request.entities, request, positions.offsets) : null;
  return { ...request, ...words, positions, mentions, picture };
}

function readMentions(
  text: string,
  entities: NonNullable<RecognizeRequest["entities"]>,
  { labels }: Pick<RecognizeRequest, "labels">,
  offsets: Offsets,
): Mention[] {
  const types = typesOf(labels);
  const errors: FieldError[] = [];
  const mentions = entities.map(({ start: callerStart, end: callerEnd, type }, index): Mention => {
    const [start, end] = [offsets.toUtf16(callerStart), offsets.toUtf16(callerEnd)];
    const pointer = `/entities/${index}`;
    if (start === null) errors.push(invalidOffset(`${pointer}/start`, callerStart, offsets));
    if (end === null) errors.push(invalidOffset(`${pointer}/end`, callerEnd, offsets));
    const length = (end ?? 0) - (start ?? 0);
    if (start !== null && end !== null && length <= 0)
      errors.push({
        pointer: `${pointer}/end`,
        detail: "must be greater than start",
        limit: callerStart,
        value: callerEnd,
      });
    if (length > LIMITS.nameLength)
      errors.push({ pointer, detail: "is too long for a name", limit: LIMITS.nameLength, value: length });
    if (!types.includes(type))
      errors.push({
        pointer: `${pointer}/type`,
        detail: `must be one of ${types.join(", ")}`,
        limit: [...types],
        value: type,
      });
    return { text: text.slice(start ?? 0, end ?? 0), start: start ?? 0, end: end ?? 0, type, score: null };
  });
  refuse(errors);
  return mentions;
}

function invalidOffset(pointer: string, value: number, { length }: Offsets): FieldError {
  return value > length
    ? { pointer, detail: "lies outside the text", limit: length, value }
    : { pointer, detail: "lies inside a character", value };
}

/** Throws a `ProblemError` with these errors, if there are any. */
export function refuse(errors: FieldError[]): void {
  if (errors.length === 0) return;
  const detail = errors.map((error) => `${error.pointer} ${error.detail}`).join("; ");
  throw new ProblemError("invalid_request", `${detail}.`, { errors });
}
