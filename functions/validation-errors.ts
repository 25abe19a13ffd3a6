import type * as z from "zod/mini";
import type { ValidationErrors } from "../schemas/cog.ts";
import type { FunctionStage } from "./stage-function.ts";

/** What is wrong with one field: an issue of the schema, or one that the server found itself. */
type FieldIssue =
  | z.core.$ZodIssue
  | { readonly code: "custom"; readonly path: PropertyKey[]; readonly message: string };

/** Most errors in an answer, and most names in one of them. */
const MOST_ERRORS = 20;
/** Most UTF-16 code units of a name that an error repeats. */
const LONGEST_NAME = 60;

/**
 * The body of a 422 in Cog's form: an error for each wrong field, which names the field, its limit and what was sent,
 * and points to the stage's example. Of a string that was sent it gives only the length, because it may be a post's
 * text.
 * @param body the request's body, in which the issues' paths lead to the values
 */
export function validationErrors(issues: readonly FieldIssue[], body: unknown, stage: FunctionStage): ValidationErrors {
  const told = issues.slice(0, MOST_ERRORS).map((issue) => {
    const value = issue.path.reduce<unknown>(
      (parent, key) => (isRecord(parent) ? parent[String(key)] : undefined),
      body,
    );
    const field = `${issue.path.map(cut).join(".") || "the body"}${issue.code === "custom" ? ":" : ""}`;
    return {
      loc: ["body", ...issue.path.map((key) => (typeof key === "number" ? key : cut(key)))],
      msg: `${field} ${complaint(issue, value)}; for an example see functions/README.md, "${stage}"`,
      type: issue.code as string,
    };
  });
  const more = issues.length - told.length;
  if (more > 0) told.push({ loc: ["body"], msg: `and ${more} more errors`, type: "more_errors" });
  return { detail: told };
}

/** A name that a caller chose, cut to a length that an error may repeat. */
function cut(key: PropertyKey): string {
  const name = String(key);
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

function complaint(issue: FieldIssue, value: unknown): string {
  const got = `, got ${describe(value)}`;
  switch (issue.code) {
    case "invalid_type":
      return value === undefined
        ? `is required: ${withArticle(issue.expected)}`
        : `must be ${withArticle(issue.expected)}${got}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}${got}`;
    case "too_big":
      return `must be at most ${issue.maximum}${unit(issue.origin)}${got}`;
    case "too_small":
      return `must be at least ${issue.minimum}${unit(issue.origin)}${got}`;
    case "unrecognized_keys":
      return `has unknown fields: ${issue.keys.slice(0, MOST_ERRORS).map(cut).join(", ")}`;
    case "invalid_union": {
      const first = issue.errors.flatMap(([inner]) => (inner ? complaint(inner, value).replace(got, "") : []));
      return `${first.join(", or ") || "is invalid"}${got}`;
    }
    case "invalid_format":
      return issue.format === "url" ? `must be an http or https URL${got}` : `must match ${issue.pattern}${got}`;
    case "custom":
      return issue.message;
    default:
      return `is invalid${got}`;
  }
}

function describe(value: unknown): string {
  if (typeof value === "string") return `a string of ${value.length} UTF-16 code units`;
  if (Array.isArray(value)) return `an array of ${value.length} items`;
  return isRecord(value) ? "an object" : String(value);
}

function withArticle(type: string): string {
  const name = type === "int" ? "integer" : type === "record" ? "object" : type;
  return `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;
}

function unit(origin: string): string {
  return origin === "string" ? " UTF-16 code units" : origin === "array" ? " items" : "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
