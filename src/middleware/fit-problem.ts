import { cutText } from "../../schemas/cut-text.ts";
import { byteLength } from "../../schemas/encodings.ts";
import { LIMITS } from "../../schemas/limits.ts";
import type { FieldError, Problem } from "../../schemas/problem.ts";

/** Longest `detail` of a document, in UTF-16 code units. One is at most six bytes of JSON. */
const DETAIL_LENGTH = 2_000;
/** Longest `pointer` and `detail` of an error, in UTF-16 code units. */
const ERROR_LENGTH = 600;
/** Largest JSON of a `limit` or a `value`, in bytes. A larger one is left out. */
const VALUE_BYTES = 1_200;

/**
 * A problem document as JSON of at most `LIMITS.problemBytes`, whatever a caller's names and values are: texts are cut,
 * and the last errors are left out. A lone surrogate becomes U+FFFD, because many parsers refuse its escape.
 */
export function fitProblem({ errors, ...rest }: Problem, maximumBytes: number = LIMITS.problemBytes): string {
  const head = { ...rest, detail: cutText(rest.detail, DETAIL_LENGTH) };
  if (!errors) return toJson(head);
  const kept: string[] = [];
  let bytes = byteLength(toJson({ ...head, errors: [] }));
  for (const error of errors.slice(0, LIMITS.problemErrors).map(fitError)) {
    bytes += byteLength(error) + 1;
    if (bytes > maximumBytes) break;
    kept.push(error);
  }
  return `${toJson(head).slice(0, -1)},"errors":[${kept.join(",")}]}`;
}

function fitError({ pointer, detail, limit, value }: FieldError): string {
  const fits = (part: unknown) => byteLength(toJson(part) ?? "") <= VALUE_BYTES;
  return toJson({
    pointer: cutText(pointer, ERROR_LENGTH),
    detail: cutText(detail, ERROR_LENGTH),
    limit: fits(limit) ? limit : undefined,
    value: fits(value) ? value : undefined,
  });
}

/**
 * JSON without lone surrogates, which `JSON.stringify` writes as escapes, and without keys, which a caller may have put
 * into the wrong place: problem documents end up in logs.
 */
function toJson(value: unknown): string {
  return JSON.stringify(value)
    ?.replace(/\\\\|\\ud[89a-f][\da-f]{2}/g, (sequence) => (sequence === "\\\\" ? sequence : "\ufffd"))
    .replace(/nk_(?:live|test)_[a-z0-9_]+/gi, "nk_…");
}
