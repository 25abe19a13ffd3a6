import { typesOf } from "../../schemas/labels.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { type Span, VISIBLE } from "../../schemas/primitives.ts";
import type { FieldError } from "../../schemas/problem.ts";
import type { RecognizeRequest } from "../../schemas/recognize.ts";
import type { Mention } from "../../schemas/stages/mner.ts";
import type { Picture } from "../pipeline/picture/read-picture.ts";
import type { Post } from "../pipeline/post.ts";
import { refuse } from "./field-problem.ts";
import { characterPositions, type ReadSpan, tokenPositions } from "./read-spans.ts";

/** A request's text, and its tokens when it sent those instead: the text is then the tokens joined by single spaces. */
export function wordsOf({ text, tokens }: { text?: string | undefined; tokens?: string[] | undefined }) {
  return { text: tokens?.join(" ") ?? text ?? "", tokens: tokens ?? null };
}

/** The pipeline's input from a checked request. Throws a `ProblemError` that names every wrong field. */
export function postOf(request: RecognizeRequest, picture: Picture | null): Post {
  const words = wordsOf(request);
  const { text, tokens } = words;
  const { entities, offset_encoding: encoding } = request;
  const { positions, readSpan } =
    encoding === "token" ? tokenPositions(text, tokens ?? []) : characterPositions(text, tokens, encoding);
  const mentions = entities ? readMentions(text, entities, typesOf(request.labels), readSpan) : null;
  return { ...request, ...words, positions, mentions, picture };
}

function readMentions(
  text: string,
  entities: NonNullable<RecognizeRequest["entities"]>,
  types: readonly string[],
  readSpan: ReadSpan,
): Mention[] {
  const errors: FieldError[] = [];
  const pointers = new Map<string, string>();
  const mentions = entities.flatMap(({ start, end, type }, index): Mention[] => {
    const pointer = `/entities/${index}`;
    const read = readSpan({ start, end }, pointer);
    errors.push(...("errors" in read ? read.errors : nameErrors(text, read.span, pointer)));
    const twin = pointers.get(`${start} ${end}`);
    if (twin) errors.push({ pointer, detail: `has the same start and end as ${twin}`, value: { start, end } });
    else pointers.set(`${start} ${end}`, pointer);
    if (!types.includes(type))
      errors.push({
        pointer: `${pointer}/type`,
        detail: `must be one of ${types.join(", ")}`,
        limit: [...types],
        value: type,
      });
    return "errors" in read
      ? []
      : [{ text: text.slice(read.span.start, read.span.end), ...read.span, type, score: null }];
  });
  refuse(errors);
  return mentions;
}

/** Why a span of a text cannot be a name. */
function nameErrors(text: string, { start, end }: Span, pointer: string): FieldError[] {
  const length = end - start;
  if (length > LIMITS.nameLength)
    return [{ pointer, detail: "is too long for a name", limit: LIMITS.nameLength, value: length }];
  return VISIBLE.test(text.slice(start, end)) ? [] : [{ pointer, detail: "covers only white space" }];
}
