import { ProblemError } from "../../schemas/problem.ts";
import type { KeyRefusal } from "./calls.ts";

/** The challenge of a 401: it says how to authenticate (RFC 6750, section 3). */
const CHALLENGE = 'Bearer realm="Namesight"';

/** The problem of a request without a key. */
export function keyMissing(detail = "Send a key in the header Authorization: Bearer nk_…."): ProblemError {
  return new ProblemError("key_missing", detail, {}, { "WWW-Authenticate": CHALLENGE });
}

/** The problem of a key that this deployment does not have: a made-up one, or one of a deleted account. */
export function keyUnknown(detail = "This deployment has no such key."): ProblemError {
  return keyInvalid(detail);
}

/** The problem of a key that opens nothing. */
export function keyProblem(refusal: KeyRefusal): ProblemError {
  switch (refusal.outcome) {
    case "unknown_key":
      return keyUnknown();
    case "revoked_key":
      return keyInvalid(`The key was revoked at ${new Date(refusal.at).toISOString()}.`);
    case "expired_key":
      return keyInvalid(`The key expired at ${new Date(refusal.at).toISOString()}.`);
    case "wrong_scope": {
      const detail = `This operation needs the scope ${refusal.needed}; the key has ${refusal.has.join(", ")}.`;
      const challenge = `${CHALLENGE}, error="insufficient_scope", scope="${refusal.needed}"`;
      return new ProblemError("scope_missing", detail, {}, { "WWW-Authenticate": challenge });
    }
  }
}

/** The problem of a test key where no embedded model is configured. */
export function testKeysNotAvailable(): ProblemError {
  const detail = "Test keys need the embedded models, and ENDPOINT_LOCAL is not set.";
  return new ProblemError("test_keys_not_available", detail);
}

function keyInvalid(detail: string): ProblemError {
  return new ProblemError("key_invalid", detail, {}, { "WWW-Authenticate": `${CHALLENGE}, error="invalid_token"` });
}
