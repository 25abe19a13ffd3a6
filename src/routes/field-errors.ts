import type * as z from "zod/mini";
import { type FieldError, ProblemError } from "../../schemas/problem.ts";

type Issue = z.core.$ZodIssue;

/** Fields that the design names and this version does not have. */
const PLANNED = new Set(["tokens", "mode", "fallback", "masks", "deadline_ms", "max_cost_usd", "store"]);

/** Fields whose values are the post itself: of these only the length is ever repeated. */
const POST = new Set(["text", "image"]);

/** Characters of a value that are repeated to the caller. Set by hand: enough to recognise it by. */
const ECHOED = 200;

/** What a schema said, as a problem that names each field, its limit and its value. `field_not_supported` when that is all that is wrong. */
export function invalidRequest(issues: readonly Issue[], request: unknown): ProblemError {
  const errors = issues.flatMap((issue) => fieldErrors(issue, request));
  const planned = errors.every(({ pointer }) => pointer === "/labels" || PLANNED.has(pointer.slice(1)));
  const detail = errors.map((error) => `${error.pointer || "The request"} ${error.detail}`).join("; ");
  return new ProblemError(planned ? "field_not_supported" : "invalid_request", `${detail}.`, { errors });
}

function fieldErrors(issue: Issue, request: unknown): FieldError[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const pointer = toPointer([...issue.path, key]);
      return { pointer, detail: issue.path.length === 0 && PLANNED.has(key) ? "is not supported yet" : "is not a field of this request" };
    });
  }
  const found = issue.path.reduce<unknown>((value, key) => (isRecord(value) ? value[String(key)] : undefined), request);
  const value = echo(issue.path[0], found);
  return [{ pointer: toPointer(issue.path), ...complaint(issue, found), ...(value === undefined ? {} : { value }) }];
}

function complaint(issue: Issue, found: unknown): Pick<FieldError, "detail" | "limit"> {
  switch (issue.code) {
    case "invalid_type":
      if (found === undefined) return { detail: "is required", limit: issue.expected };
      return { detail: `must be of type ${issue.expected === "int" ? "integer" : issue.expected}`, limit: issue.expected };
    case "invalid_value":
      return { detail: `must be one of ${issue.values.join(", ")}`, limit: issue.values.map(String) };
    case "too_big":
      return { detail: `must be at most ${issue.maximum}${unit(issue.origin)}`, limit: Number(issue.maximum) };
    case "too_small":
      return { detail: `must be at least ${issue.minimum}${unit(issue.origin)}`, limit: Number(issue.minimum) };
    default:
      return { detail: "cannot be used" };
  }
}

function unit(origin: string): string {
  return origin === "string" ? " UTF-16 code units long" : origin === "array" ? " items long" : "";
}

function echo(field: PropertyKey | undefined, value: unknown): unknown {
  if (POST.has(String(field))) return typeof value === "string" ? `${value.length} UTF-16 code units` : undefined;
  if (Array.isArray(value)) return `${value.length} items`;
  return JSON.stringify(value)?.length <= ECHOED ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** A JSON pointer (RFC 6901). */
function toPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
