import { LIMITS } from "../../schemas/limits.ts";
import { checkJson, type JsonLimits } from "./check-json.ts";
import { fieldProblem, pointerTo } from "./field-problem.ts";

/**
 * The fields of a JSON object.
 *
 * @param pointer where the text is in the request
 * @param whole what the text is, as the subject of a sentence
 * @param limits those of a request without it
 * @throws ProblemError
 */
export function parseFields(
  text: string,
  pointer: "" | "/request",
  whole?: string,
  limits: JsonLimits = LIMITS,
): Record<string, unknown> {
  const parsed = parseJson(text, [], limits);
  if (parsed === undefined) throw fieldProblem([{ pointer, detail: "is not valid JSON" }], "invalid_json", 0, whole);
  const { value } = parsed;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw fieldProblem([{ pointer, detail: "must be a JSON object" }], "invalid_request", 0, whole);
}

/** Longest text that is read as a boolean, with white space around it. */
const BOOLEAN_LENGTH = 100;

/**
 * The value of a form field that holds JSON. Booleans may be written as Python and .NET write them (`True`).
 *
 * @param isWord whether the value may be a word or a number: a text that is neither stays a string, so that the schema
 *   can report the type that the field must have, unless it begins as JSON does
 * @throws ProblemError when it is not JSON, has a name twice, is nested too deeply or has too many values
 */
export function parseField(name: string, text: string, isWord: boolean): unknown {
  const isBoolean = text.length <= BOOLEAN_LENGTH && /^(true|false)$/i.test(text.trim());
  const parsed = parseJson(isBoolean ? text.toLowerCase() : text, [name]);
  if (parsed !== undefined) return parsed.value;
  if (isWord && !/^[\ufeff\s]*[[{"]/.test(text)) return text;
  throw fieldProblem([{ pointer: pointerTo(name), detail: "is not valid JSON" }], "invalid_json");
}

/** The value of a JSON text, which may begin with a byte order mark (RFC 8259, section 8.1); undefined when invalid. */
function parseJson(text: string, path: readonly string[], limits: JsonLimits = LIMITS): { value: unknown } | undefined {
  const json = text.startsWith("\ufeff") ? text.slice(1) : text;
  checkJson(json, path, limits);
  try {
    return { value: JSON.parse(json) };
  } catch {
    return undefined;
  }
}
