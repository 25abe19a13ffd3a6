import { ProblemError } from "../../schemas/problem.ts";
import { checkJson } from "./check-json.ts";

/**
 * The fields of a JSON object.
 *
 * @param pointer where the text is in the request
 * @throws ProblemError
 */
export function parseFields(text: string, pointer: "" | "/request"): Record<string, unknown> {
  const parsed = parseJson(text);
  if (parsed === undefined) throw new ProblemError("invalid_json", "The request is not valid JSON.");
  const { value } = parsed;
  checkJson(parsed.text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  const detail = "must be a JSON object";
  throw new ProblemError("invalid_request", `${pointer || "The request"} ${detail}.`, {
    errors: [{ pointer, detail }],
  });
}

/**
 * The value of a form field that holds JSON. Booleans may be written as Python and .NET write them (`True`). A text
 * that is not JSON stays a string, so that the schema can report the type that the field must have.
 *
 * @throws ProblemError when the JSON has a name twice or is nested too deeply
 */
export function parseField(name: string, text: string): unknown {
  const parsed = parseJson(/^\s*(true|false)\s*$/i.test(text) ? text.toLowerCase() : text);
  if (parsed === undefined) return text;
  checkJson(parsed.text, [name]);
  return parsed.value;
}

/** The value and the JSON without its byte order mark (RFC 8259, section 8.1); undefined when it is not valid JSON. */
function parseJson(text: string): { text: string; value: unknown } | undefined {
  const json = text.replace(/^\ufeff/, "");
  try {
    return { text: json, value: JSON.parse(json) };
  } catch {
    return undefined;
  }
}
