import * as z from "zod/mini";
import { UsdAmount } from "./money.ts";
import { Charge, OperationPrice } from "./prices.ts";
import { type ProblemCode as Code, PROBLEMS } from "./problem-catalogue.ts";
import { StageName } from "./stages/index.ts";

export { PROBLEMS };

/** The kind of a problem. Each has a page at `/problems/{code}`. */
export const ProblemCode = z.enum(Object.keys(PROBLEMS) as [Code, ...Code[]]);
export type ProblemCode = z.infer<typeof ProblemCode>;

/** One field of a request that cannot be used. */
export const FieldError = z.object({
  /** Where the field is: a JSON pointer into the request (RFC 6901). */
  pointer: z.string(),
  /** What is wrong with it. */
  detail: z.string(),
  /** The limit that it breaks, or the values that it may have. */
  limit: z.optional(z.union([z.number(), z.string(), z.array(z.union([z.string(), z.number()]))])),
  /** The value that was sent. */
  value: z.optional(z.unknown()),
});
export type FieldError = z.infer<typeof FieldError>;

/** What a request would have cost, and how to pay for it. */
export const PaymentFacts = z.object({
  /** The most that the request may cost, in US dollars. */
  most_usd: UsdAmount,
  /** What the account may spend, in US dollars; null without an account. */
  balance_usd: z.nullable(UsdAmount),
  /** The prices that the amount comes from. */
  price: OperationPrice,
  /** How to pay, in words. */
  how: z.string(),
});
export type PaymentFacts = z.infer<typeof PaymentFacts>;

/**
 * A problem document (RFC 9457). Errors are sent in this form as `application/problem+json`; the entries of an answer's
 * `problems` have it too.
 */
export const Problem = z.object({
  /** The path of the page that explains this kind of problem. */
  type: z.string(),
  /** The kind of problem in words, the same for every problem of its kind. */
  title: z.string(),
  /** The HTTP status; 200 for a problem that never ends a request. */
  status: z.int(),
  /** The kind of problem, for programs. */
  code: ProblemCode,
  /** What happened this time. */
  detail: z.string(),
  /** The id of the request; only in errors, since an answer has its own. */
  request_id: z.optional(z.string()),
  /** The stage that had the problem. */
  stage: z.optional(StageName),
  /** The fields of the request that are wrong. */
  errors: z.optional(z.array(FieldError)),
  /** With `payment_required`: what the request would have cost, and how to pay. */
  payment: z.optional(PaymentFacts),
  /** With `answer_not_kept`, `request_in_flight` and `idempotency_key_reused`: the first request with the key. */
  first_request_id: z.optional(z.string()),
  /** What the first request cost. A problem itself costs nothing. */
  charge: z.optional(Charge),
});
export type Problem = z.infer<typeof Problem>;

/** What a problem document may have beside its code and its detail. */
type ProblemFields = Partial<Omit<Problem, "type" | "title" | "status" | "code" | "detail">>;

/** A problem document, with the catalogue's title and status. `type` is a path on the deployment itself. */
export function problemDocument(code: ProblemCode, detail: string, fields: ProblemFields = {}): Problem {
  const { title, status } = PROBLEMS[code];
  return { type: `/problems/${code}`, title, status, code, detail, ...fields };
}

/**
 * Ends a request with a problem of the catalogue. Any code may throw it; `src/middleware/problems.ts` renders it. The
 * caller reads `detail`, so it must hold no text of the post, no internal address and no message of an unknown error.
 */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly fields: Omit<ProblemFields, "request_id">;
  readonly headers: Record<string, string>;

  constructor(
    code: ProblemCode,
    detail: string,
    fields: ProblemError["fields"] = {},
    headers: Record<string, string> = {},
  ) {
    super(detail);
    this.name = "ProblemError";
    this.code = code;
    this.fields = fields;
    this.headers = headers;
  }
}
