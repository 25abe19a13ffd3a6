import type * as z from "zod/mini";
import { cutText } from "../../schemas/cut-text.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { USD_PATTERN } from "../../schemas/money.ts";
import { nearestName } from "../../schemas/nearest.ts";
import { toPointer } from "../../schemas/pointer.ts";
import type { FieldError, ProblemError } from "../../schemas/problem.ts";
import { ECHO_LENGTH, fieldProblem } from "./field-problem.ts";

type Issue = z.core.$ZodIssue;

/** The message of an issue whose schema has none of its own. */
const NO_MESSAGE = "Invalid input";

/** What an amount must be (`USD_PATTERN`). */
const USD_RULE =
  'must be US dollars as a decimal string, such as "0.01", with at most 6 digits before the point and 9 after it';

/** Fields whose values are the post itself. A problem states only their length. */
const POST_FIELDS = new Set(["text", "tokens", "image", "caption"]);

/**
 * Fields that are a secret, or an address that may have one in it, or hold such fields. A problem states only their
 * length: it stands in logs, and on screens that others see.
 */
const SECRET_FIELDS = new Set(["secret", "url", "webhook_url", "webhook", "reply"]);

/** A secret that stands in another field by mistake, and addresses, in whose user or query one may stand. */
const SECRET_VALUE = /nk_(?:live|test)_|whsec_|:\/\//;

/** Codes of issues which say that a value has the wrong type. */
const TYPE_ISSUES = new Set(["invalid_type", "invalid_value"]);

/**
 * A problem that names the first wrong fields with their limits and values, and says how many more there are.
 *
 * @param schema of the request, which gives the known field names
 */
export function invalidRequest(issues: readonly Issue[], request: unknown, schema: z.ZodMiniType): ProblemError {
  const faults = issues.flatMap(faultsOf);
  // Two rules may find the same fault.
  const errors = new Map<string, FieldError>();
  let described = 0;
  while (described < faults.length && errors.size < LIMITS.problemErrors) {
    const error = describe(faults[described++] as Fault, request, schema);
    errors.set(`${error.pointer} ${error.detail}`, error);
  }
  const more = faults.length - described;
  return fieldProblem([...errors.values()], "invalid_request", more);
}

/** One wrong field of an issue: `key` is the name of an unknown one. */
interface Fault {
  readonly issue: Issue;
  readonly key?: string;
}

/** An issue's wrong fields. They are only counted here: describing thousands would cost more than parsing them. */
function faultsOf(issue: Issue): Fault[] {
  const inner = issue.code === "invalid_union" ? issuesInside(issue) : null;
  if (inner) return inner.flatMap(faultsOf);
  return issue.code === "unrecognized_keys" ? issue.keys.map((key) => ({ issue, key })) : [{ issue }];
}

function describe({ issue, key }: Fault, request: unknown, schema: z.ZodMiniType): FieldError {
  if (key !== undefined) {
    const pointer = toPointer([...issue.path, cutText(key, ECHO_LENGTH)]);
    const near = nearestName(key, fieldsAt(schema, issue.path));
    return { pointer, detail: `is not a field of this request${near === null ? "" : `; did you mean ${near}?`}` };
  }
  const invalidValue = issue.path.reduce<unknown>(
    (value, key) => (isRecord(value) ? value[String(key)] : undefined),
    request,
  );
  const value = echo(issue, invalidValue);
  const pointer = toPointer(issue.path);
  return { pointer, ...violation(issue, invalidValue), ...(value === undefined ? {} : { value }) };
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
      if ("options" in issue && issue.options) return choice(issue.options.map(String), invalidValue);
      const details = issue.errors.flatMap(([first]) => (first ? violation(first, invalidValue) : []));
      const rules = new Set(details.map(({ detail }) => detail));
      return { detail: [...rules].join(", or ") || "cannot be used" };
    }
    case "too_big":
      return { detail: `must be at most ${issue.maximum}${unit(issue.origin)}`, limit: Number(issue.maximum) };
    case "too_small":
      return { detail: `must be at least ${issue.minimum}${unit(issue.origin)}`, limit: Number(issue.minimum) };
    case "invalid_format":
      if (issue.message !== NO_MESSAGE) return { detail: issue.message };
      return "pattern" in issue && issue.pattern === String(USD_PATTERN)
        ? { detail: USD_RULE }
        : { detail: "must have a character that is not white space" };
    case "custom":
      return { detail: issue.message };
    default:
      return { detail: "cannot be used" };
  }
}

/** The rule of the field that says which of several schemas an object has. */
function choice(choices: string[], invalidValue: unknown): Pick<FieldError, "detail" | "limit"> {
  const rule = `${invalidValue === undefined ? "is required:" : "must be"} one of ${choices.join(", ")}`;
  return { detail: rule, limit: choices };
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

/** The part of a value that a problem may repeat; in place of a post, a secret and what is long, its length. */
function echo(issue: Issue, value: unknown): unknown {
  const { path } = issue;
  if (Array.isArray(value)) {
    // A post's tokens together are a text.
    const isText = issue.code === "too_big" && issue.origin === "string";
    return isText ? `${value.join(" ").length} UTF-16 code units` : `${value.length} items`;
  }
  const isHidden = POST_FIELDS.has(String(path[0])) || SECRET_FIELDS.has(String(path.at(-1)));
  if (typeof value === "string") {
    const isShown = !isHidden && value.length <= ECHO_LENGTH && !SECRET_VALUE.test(value);
    return isShown ? value : `${value.length} UTF-16 code units`;
  }
  if (isRecord(value)) return "an object";
  return isHidden ? undefined : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
