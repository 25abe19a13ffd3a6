import * as z from "zod/mini";
import { PROBLEMS, type ProblemCode } from "./problem-catalogue.ts";
import { StageName } from "./stages/index.ts";

export { PROBLEMS, type ProblemCode };

const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** One field that is wrong: where (a JSON pointer into the request), what the limit is and what the value was. */
export const FieldError = z.object({
  pointer: z.string(),
  detail: z.string(),
  limit: z.optional(z.union([z.number(), z.string(), z.array(z.union([z.string(), z.number()]))])),
  value: z.optional(z.unknown()),
});
export type FieldError = z.infer<typeof FieldError>;

/**
 * A problem document (RFC 9457), sent as `application/problem+json`, and the form of each entry in an answer's
 * `problems`.
 */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(PROBLEM_CODES),
  detail: z.string(),
  request_id: z.optional(z.string()),
  stage: z.optional(StageName),
  errors: z.optional(z.array(FieldError)),
});
export type Problem = z.infer<typeof Problem>;

/**
 * Fill a problem document from the catalogue. `type` is a relative reference; every page under it is generated from
 * this table.
 */
export function problemDocument(
  code: ProblemCode,
  detail: string,
  more: Partial<Pick<Problem, "request_id" | "stage" | "errors">> = {},
): Problem {
  return {
    type: `/problems/${code}`,
    title: PROBLEMS[code].title,
    status: PROBLEMS[code].status,
    code,
    detail,
    ...more,
  };
}

/**
 * Ends a request with a problem of the catalogue. Thrown wherever a request cannot go on; `src/middleware/problems.ts`
 * renders it. `detail` is read by the caller: no text of the post, no address of ours, no message of an unknown error.
 */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly more: Partial<Pick<Problem, "stage" | "errors">>;
  readonly headers: Record<string, string>;

  constructor(
    code: ProblemCode,
    detail: string,
    more: ProblemError["more"] = {},
    headers: Record<string, string> = {},
  ) {
    super(detail);
    this.name = "ProblemError";
    this.code = code;
    this.more = more;
    this.headers = headers;
  }
}
