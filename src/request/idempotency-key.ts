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
  const most = LIMITS.idempotencyKeyLength;
  const { length: value } = key;
  if (value <= most && /^[\x21-\x7e]+$/.test(key)) return key;
  const detail = `must be 1 to ${most} visible ASCII characters`;
  // Where its characters are the fault, its length is not; and the key itself is repeated nowhere.
  const range = value === 0 ? { limit: 1, value } : value > most ? { limit: most, value } : {};
  const errors = [{ pointer: "", detail: `the header Idempotency-Key ${detail}`, ...range }];
  throw new ProblemError("invalid_request", `The header Idempotency-Key ${detail}.`, { errors });
}

/** The problem of a header that this request cannot have. */
export function headerNotSupported(detail: string): ProblemError {
  return new ProblemError("field_not_supported", detail, { errors: [{ pointer: "", detail }] });
}
