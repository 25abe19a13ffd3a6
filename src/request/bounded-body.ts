import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";

/**
 * A request's body, read by `read`. Its bytes are counted while they arrive, because Content-Length may be absent or
 * wrong; past `LIMITS.bodyBytes` reading stops. Throws `body_too_large`, or what `read` throws.
 */
export async function readBounded<T>(request: Request, read: (body: Response) => Promise<T>): Promise<T> {
  if (Number(request.headers.get("content-length")) > LIMITS.bodyBytes) throw tooLarge();
  let bytes = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      bytes += part.length;
      if (bytes > LIMITS.bodyBytes) controller.error(tooLarge());
      else controller.enqueue(part);
    },
  });
  const headers = { "content-type": request.headers.get("content-type") ?? "" };
  const body = new Response(request.body?.pipeThrough(counter) ?? null, { headers });
  try {
    return await read(body);
  } catch (error) {
    // A parser may wrap the stream's error in its own.
    throw bytes > LIMITS.bodyBytes ? tooLarge() : error;
  }
}

function tooLarge(): ProblemError {
  const errors = [{ pointer: "", detail: "is too large", limit: LIMITS.bodyBytes }];
  return new ProblemError("body_too_large", `The body has more than ${LIMITS.bodyBytes} bytes.`, { errors });
}
