import type * as z from "zod/mini";
import { nearestName } from "../../schemas/nearest.ts";
import { toPointer } from "../../schemas/pointer.ts";
import { type FieldError, ProblemError } from "../../schemas/problem.ts";

type Issue = z.core.$ZodIssue;

/** Fields that are planned but not built. They are refused by name, so that no caller believes they have an effect. */
const PLANNED = new Set(["fallback", "deadline_ms", "max_cost_usd"]);

/** Fields whose values are the post itself. A problem states only their length. */
const POST_FIELDS = new Set(["text", "tokens", "image", "caption"]);

/** Codes of issues which say that a value has the wrong type. */
const TYPE_ISSUES = new Set(["invalid_type", "invalid_value"]);

/** Longest JSON of a value that a problem repeats, in UTF-16 code units. */
const ECHO_LENGTH = 200;

/**
 * A problem that names each wrong field, its limit and its value. Its code is `field_not_supported` when every wrong
 * field is a planned one, else `invalid_request`.
 *
 * @param schema of the request, which gives the known field names
 */
export function invalidRequest(issues: readonly Issue[], request: unknown, schema: z.ZodMiniType): ProblemError {
  const all = issues.flatMap((issue) => fieldErrors(issue, request, schema));
  // Two rules may find the same fault.
  const errors = [...new Map(all.map((error) => [`${error.pointer} ${error.detail}`, error])).values()];
  const planned = errors.every(({ pointer }) => PLANNED.has(pointer.slice(1)));
  const detail = errors.map((error) => `${error.pointer || "The request"} ${error.detail}`).join("; ");
  return new ProblemError(planned ? "field_not_supported" : "invalid_request", `${detail}.`, { errors });
}

function fieldErrors(issue: Issue, request: unknown, schema: z.ZodMiniType): FieldError[] {
  const inner = issue.code === "invalid_union" ? issuesInside(issue) : null;
  if (inner) return inner.flatMap((each) => fieldErrors(each, request, schema));
  if (issue.code === "unrecognized_keys") {
    const fieldNames = fieldsAt(schema, issue.path);
    return issue.keys.map((key) => {
      const pointer = toPointer([...issue.path, shorten(key)]);
      if (issue.path.length === 0 && PLANNED.has(key)) return { pointer, detail: "is not supported yet" };
      const near = nearestName(key, fieldNames);
      return {
        pointer,
        detail: `is not a field of this request${near === null ? "" : `; did you mean ${near}?`}`,
        limit: [...fieldNames],
      };
    });
  }
  const invalidValue = issue.path.reduce<unknown>(
    (value, key) => (isRecord(value) ? value[String(key)] : undefined),
    request,
  );
  const value = echo(issue.path[0], invalidValue);
  return [
    { pointer: toPointer(issue.path), ...violation(issue, invalidValue), ...(value === undefined ? {} : { value }) },
  ];
}

/**
 * The issues of the one choice of a union that has the value's type, with their full paths. Null when no choice has
 * that type, or several have it.
 */
function issuesInside({ errors, path }: Extract<Issue, { code: "invalid_union" }>): Issue[] | null {
  const inside = errors.filter((issues) =>
    issues.every((issue) => !TYPE_ISSUES.has(issue.code) || issue.path.length > 0),
  );
  const [issues, ...others] = inside;
  return issues && others.length === 0 ? issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })) : null;
}

/** The rule that a value breaks, as the end of the sentence "<field> …", and its limit. */
function violation(issue: Issue, invalidValue: unknown): Pick<FieldError, "detail" | "limit"> {
  switch (issue.code) {
    case "invalid_type":
      if (invalidValue === undefined) return { detail: "is required", limit: issue.expected };
      return {
        detail: `must be of type ${issue.expected === "int" ? "integer" : issue.expected}`,
        limit: issue.expected,
      };
    case "invalid_value":
      return { detail: `must be one of ${issue.values.join(", ")}`, limit: issue.values.map(String) };
    case "invalid_union": {
      const details = issue.errors.flatMap(([first]) => (first ? violation(first, invalidValue) : []));
      const rules = new Set(details.map(({ detail }) => detail));
      return { detail: [...rules].join(", or ") || "cannot be used" };
    }
    case "too_big":
      return { detail: `must be at most ${issue.maximum}${unit(issue.origin)}`, limit: Number(issue.maximum) };
    case "too_small":
      return { detail: `must be at least ${issue.minimum}${unit(issue.origin)}`, limit: Number(issue.minimum) };
    case "invalid_format":
      return { detail: "must have a character that is not white space" };
    case "custom":
      return { detail: issue.message };
    default:
      return { detail: "cannot be used" };
  }
}

/** The names of the fields that a schema has for the object at a path. */
function fieldsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const { def } = schema._zod as {
    def: {
      innerType?: z.core.$ZodType;
      in?: z.core.$ZodType;
      element?: z.core.$ZodType;
      options?: z.core.$ZodType[];
      shape?: Record<string, z.core.$ZodType>;
    };
  };
  const wrapped = def.innerType ?? def.in;
  if (wrapped) return fieldsAt(wrapped, path);
  if (def.options) return def.options.flatMap((option) => fieldsAt(option, path));
  const [key, ...rest] = path;
  if (key === undefined) return Object.keys(def.shape ?? {});
  const inner = def.element ?? def.shape?.[String(key)];
  return inner ? fieldsAt(inner, rest) : [];
}

function unit(origin: string): string {
  return origin === "string" ? " UTF-16 code units long" : origin === "array" ? " items long" : "";
}

/**
 * The part of a value that a problem may repeat. A request has at most `LIMITS.jsonDepth` levels (`checkJson`), so
 * serialising it is safe.
 */
function echo(field: PropertyKey | undefined, value: unknown): unknown {
  if (POST_FIELDS.has(String(field)))
    return typeof value === "string" ? `${value.length} UTF-16 code units` : undefined;
  if (Array.isArray(value)) return `${value.length} items`;
  return JSON.stringify(value)?.length <= ECHO_LENGTH ? value : undefined;
}

function shorten(key: string): string {
  return key.length > ECHO_LENGTH ? `${key.slice(0, ECHO_LENGTH)}…` : key;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
