import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { untilAborted } from "../resilience/until-aborted.ts";

/**
 * The bytes of a request's body. They are counted while they arrive, because Content-Length may be absent or wrong;
 * past `maximumBytes` reading stops. Throws `body_too_large`, or `body_too_slow` when the signal aborts first.
 */
export async function readBounded(
  request: Request,
  signal: AbortSignal,
  maximumBytes: number = LIMITS.bodyBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length")) > maximumBytes) throw tooLarge(maximumBytes);
  let bytes = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      bytes += part.length;
      if (bytes > maximumBytes) controller.error(tooLarge(maximumBytes));
      else controller.enqueue(part);
    },
  });
  const body = new Response(request.body?.pipeThrough(counter, { signal }) ?? null);
  try {
    return new Uint8Array(await untilAborted(body.arrayBuffer(), signal));
  } catch (error) {
    if (signal.aborted) throw tooSlow();
    // The runtime may wrap the stream's error in its own.
    throw bytes > maximumBytes ? tooLarge(maximumBytes) : error;
  }
}

function tooSlow(): ProblemError {
  return new ProblemError("body_too_slow", "The body was not complete when the request's deadline passed.");
}

function tooLarge(limit: number): ProblemError {
  const errors = [{ pointer: "", detail: "is too large", limit }];
  return new ProblemError("body_too_large", `The body has more than ${limit} bytes.`, { errors });
}
