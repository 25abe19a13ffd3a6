import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";

/**
 * The bytes of a request's body. They are counted while they arrive, because Content-Length may be absent or wrong;
 * past `maximumBytes` reading stops. Throws `body_too_large`.
 */
export async function readBounded(
  request: Request,
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
  const body = new Response(request.body?.pipeThrough(counter) ?? null);
  try {
    return new Uint8Array(await body.arrayBuffer());
  } catch (error) {
    // The runtime may wrap the stream's error in its own.
    throw bytes > maximumBytes ? tooLarge(maximumBytes) : error;
  }
}

function tooLarge(limit: number): ProblemError {
  const errors = [{ pointer: "", detail: "is too large", limit }];
  return new ProblemError("body_too_large", `The body has more than ${limit} bytes.`, { errors });
}
