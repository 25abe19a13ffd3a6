import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { untilAborted } from "../resilience/until-aborted.ts";

const FIRST_BYTES = 16 * 1024;

/**
 * The bytes of a request's body. They are counted while they arrive, because Content-Length may be absent or wrong;
 * past `maximumBytes` reading stops. What was not read can still be read, so that the caller gets to see the answer.
 * Throws `body_too_large`, `body_too_slow` when the signal aborts first or the connection breaks, or what `received`
 * throws.
 *
 * The body is read into one growing buffer and not as a list of parts: a body that comes byte by byte would take a
 * hundred times its size, and a part of the runtime's own has 4 KB.
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
  const reader = request.body.getReader({ mode: "byob" });
  // One byte more than expected, so that the end of the body and a byte past the limit are seen without a larger one.
  const expected = 1 + (declared || maximumBytes);
  let buffer = new Uint8Array(Math.min(FIRST_BYTES, expected));
  let length = 0;
  try {
    for (;;) {
      if (length === buffer.length) {
        const larger = new Uint8Array(Math.min(2 * length, length < expected ? expected : 1 + maximumBytes));
        larger.set(buffer);
        buffer = larger;
      }
      // A read takes the buffer's memory away and gives it back in `value`.
      // Nothing but its caller can break a body off.
      const read = reader.read(buffer.subarray(length)).catch(() => Promise.reject(bodyBrokenOff()));
      const { done, value } = await untilAborted(read, signal);
      if (!value) return new Uint8Array();
      buffer = new Uint8Array(value.buffer);
      if (done) return buffer.subarray(0, length);
      if (length + value.length > maximumBytes) throw tooLarge(maximumBytes);
      received(value.length);
      length += value.length;
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

/** The problem of a body whose caller hung up. Only the log sees it. */
function bodyBrokenOff(): ProblemError {
  return new ProblemError("body_too_slow", "The connection broke before the body was complete.");
}

function tooLarge(limit: number): ProblemError {
  const errors = [{ pointer: "", detail: "is too large", limit }];
  return new ProblemError("body_too_large", `The body has more than ${limit} bytes.`, { errors });
}
