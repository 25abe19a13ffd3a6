import { ProblemError } from "../../schemas/problem.ts";

/** Longest `Retry-After`, in seconds: hosts also name dates that are years away. Set by hand. */
const LONGEST_S = 600;

/**
 * The problem that ends a request for which there is no room.
 *
 * @param detail why, as a sentence without its full stop
 * @param retryAfterMs milliseconds until there is room; null when nobody knows
 */
export function overloaded(
  detail: string,
  retryAfterMs: number | null,
  fields: ConstructorParameters<typeof ProblemError>[2] = {},
): ProblemError {
  if (retryAfterMs === null) return new ProblemError("overloaded", `${detail}.`, fields);
  const seconds = Math.min(LONGEST_S, Math.max(1, Math.ceil(retryAfterMs / 1000)));
  const message = `${detail}: there is room in about ${seconds} s.`;
  return new ProblemError("overloaded", message, fields, { "Retry-After": String(seconds) });
}
