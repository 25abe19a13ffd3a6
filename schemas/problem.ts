import * as z from "zod/mini";

/** Every error that a caller can meet: its HTTP status and its title (RFC 9457). Handlers throw codes; one place renders them. */
export const PROBLEMS = {
  invalid_json: { status: 400, title: "The body is not valid JSON" },
  invalid_multipart: { status: 400, title: "The body is not valid multipart/form-data" },
  invalid_request: { status: 422, title: "The request has a field that cannot be used" },
  field_not_supported: { status: 422, title: "The request has a field or a value that this version does not support" },
  invalid_picture: { status: 422, title: "The picture cannot be read" },
  picture_too_many_pixels: { status: 422, title: "The picture has too many pixels" },
  picture_type_not_supported: { status: 415, title: "The picture is of a type that is not supported" },
  unsupported_media_type: { status: 415, title: "The request has a content type that is not supported" },
  body_too_large: { status: 413, title: "The request is too large" },
  not_found: { status: 404, title: "There is nothing at this address" },
  method_not_allowed: { status: 405, title: "This address does not take this method" },
  not_acceptable: { status: 406, title: "The answer cannot be given in a form that the request accepts" },
  link_invalid: { status: 403, title: "The link's signature is not valid" },
  link_expired: { status: 410, title: "The link has expired" },
  range_not_satisfiable: { status: 416, title: "The range lies outside the file" },
  overlay_not_drawable: { status: 422, title: "The overlay cannot be drawn as PNG; ask for image/svg+xml" },
  stage_failed: { status: 502, title: "A model did not answer" },
  deadline_exceeded: { status: 504, title: "The request ran out of time" },
  misconfigured: { status: 500, title: "The service is not configured correctly" },
  internal: { status: 500, title: "Something went wrong on our side" },
  /** The rest never end a request; they stand in the answer's `problems`. */
  script_not_covered: { status: 200, title: "The text is in a script that the model was not trained on" },
  entities_truncated: { status: 200, title: "The text has more entities than max_entities" },
  picture_not_turned: { status: 200, title: "The picture could not be turned upright; models saw it as stored" },
  mask_refused: { status: 200, title: "A mask did not fit its box" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One field that is wrong: where (a JSON pointer into the request), what the limit is and what the value was. */
export const FieldError = z.object({
  pointer: z.string(),
  detail: z.string(),
  limit: z.optional(z.union([z.number(), z.string(), z.array(z.union([z.string(), z.number()]))])),
  value: z.optional(z.unknown()),
});
export type FieldError = z.infer<typeof FieldError>;

/** A problem document (RFC 9457), sent as `application/problem+json`, and the form of each entry in an answer's `problems`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  request_id: z.optional(z.string()),
  stage: z.optional(z.string()),
  errors: z.optional(z.array(FieldError)),
});
export type Problem = z.infer<typeof Problem>;

/** Fill a problem document from the catalogue. `type` is a relative reference; every page under it is generated from this table. */
export function problemDocument(
  code: ProblemCode,
  detail: string,
  more: Partial<Pick<Problem, "request_id" | "stage" | "errors">> = {},
): Problem {
  return { type: `/problems/${code}`, title: PROBLEMS[code].title, status: PROBLEMS[code].status, code, detail, ...more };
}

/**
 * Ends a request with a problem of the catalogue. Thrown wherever a request cannot go on; `src/middleware/problems.ts` renders it.
 * `detail` is read by the caller: no text of the post, no address of ours, no message of an unknown error.
 */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly more: Partial<Pick<Problem, "stage" | "errors">>;
  readonly headers: Record<string, string>;

  constructor(code: ProblemCode, detail: string, more: ProblemError["more"] = {}, headers: Record<string, string> = {}) {
    super(detail);
    this.name = "ProblemError";
    this.code = code;
    this.more = more;
    this.headers = headers;
  }
}
