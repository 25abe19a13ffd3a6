import { LIMITS } from "../../schemas/limits.ts";

/**
 * Reads and discards the rest of a request's body, at most `LIMITS.bodyBytes`. Without this, the connection is reset
 * while the caller still sends, and most callers never see the answer.
 */
export async function drain({ body }: Request, signal: AbortSignal): Promise<void> {
  let left: number = LIMITS.bodyBytes;
  const nowhere = new WritableStream<Uint8Array>({
    write({ length }, controller) {
      left -= length;
      if (left < 0) controller.error();
    },
  });
  if (body && !body.locked) await body.pipeTo(nowhere, { signal }).catch(() => undefined);
}
