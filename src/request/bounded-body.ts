import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { untilAborted } from "../resilience/until-aborted.ts";

const FIRST_BYTES = 16 * 1024;

/**
 * The bytes of a request's body. They are counted while they arrive, because Content-Length may be absent or wrong;
 * past `maximumBytes` reading stops. What was not read can still be read, so that the caller gets to see the answer.
 * Throws `body_too_large`, `body_too_slow` when the signal aborts first, or what `received` throws.
 *
 * One growing buffer is used and not a list of parts: a body that comes byte by byte would take a hundred times its
 * size.
 *
 * @param received is told of bytes as they arrive
 */
export async function readBounded(
  request: Request,
  signal: AbortSignal,
  maximumBytes: number = LIMITS.bodyBytes,
  received: (bytes: number) => void = () => undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const declared = declaredBytes(request);
  if (declared > maximumBytes) throw tooLarge(maximumBytes);
  if (!request.body) return new Uint8Array();
  const reader = request.body.getReader();
  let buffer = new Uint8Array(Math.min(FIRST_BYTES, maximumBytes));
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await untilAborted(reader.read(), signal);
      if (done) return buffer.subarray(0, length);
      const needed = length + value.length;
      if (needed > maximumBytes) throw tooLarge(maximumBytes);
      received(value.length);
      if (needed > buffer.length) {
        const larger = new Uint8Array(Math.max(needed, Math.min(2 * buffer.length, declared || maximumBytes)));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(value, length);
      length = needed;
    }
  } catch (error) {
    throw signal.aborted ? bodyTooSlow() : error;
  } finally {
    // A reader that still waits for bytes cannot give up its lock.
    if (signal.aborted) reader.cancel(signal.reason).catch(() => undefined);
    else reader.releaseLock();
  }
}

/** What Content-Length says; 0 without one. */
export function declaredBytes({ headers }: Request): number {
  return Number(headers.get("content-length")) || 0;
}

/** The problem of a body that was not complete by the request's deadline. */
export function bodyTooSlow(): ProblemError {
  return new ProblemError("body_too_slow", "The body was not complete when the request's deadline passed.");
}

function tooLarge(limit: number): ProblemError {
  const errors = [{ pointer: "", detail: "is too large", limit }];
  return new ProblemError("body_too_large", `The body has more than ${limit} bytes.`, { errors });
}
