import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";

/**
 * The value of the header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): visible ASCII, with or
 * without the quotes of a structured field. Null without the header. Throws `invalid_request` for any other value.
 */
export function readIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  const trimmed = header.trim();
  const key = /^"(.*)"$/.exec(trimmed)?.[1] ?? trimmed;
  const limit = LIMITS.idempotencyKeyLength;
  if (key.length <= limit && /^[\x21-\x7e]+$/.test(key)) return key;
  const detail = `must be 1 to ${limit} visible ASCII characters`;
  const errors = [{ pointer: "", detail: `the header Idempotency-Key ${detail}`, limit, value: key.length }];
  throw new ProblemError("invalid_request", `The header Idempotency-Key ${detail}.`, { errors });
}

/** The problem of a header that this request cannot have. */
export function headerNotSupported(detail: string): ProblemError {
  return new ProblemError("field_not_supported", detail, { errors: [{ pointer: "", detail }] });
}
