import { GuardError } from "./guard-error.ts";

const FIRST_BYTES = 64 * 1024;

/**
 * Reads a body of at most `maximumBytes`. A longer body is not read further, and its connection is closed. Aborting
 * `signal` also closes the connection and ends a pending read. Throws a `GuardError`, or the signal's reason.
 *
 * One growing buffer is used and not a list of parts: a host that sends byte by byte would make a list of a hundred
 * times the cap in memory.
 *
 * @param received told of the bytes as they arrive; what it throws ends the reading
 */
export async function readCapped(
  body: ReadableStream<Uint8Array>,
  maximumBytes: number,
  signal: AbortSignal,
  received: (bytes: number) => void = () => undefined,
): Promise<Uint8Array> {
  const reader = body.getReader();
  const stop = () => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  let buffer = new Uint8Array(Math.min(FIRST_BYTES, maximumBytes));
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await readNext(reader);
      signal.throwIfAborted();
      if (done) return buffer.slice(0, length);
      if (length + value.length > maximumBytes)
        throw new GuardError("url_too_large", `has more than ${maximumBytes} bytes`);
      received(value.length);
      if (length + value.length > buffer.length) {
        const larger = new Uint8Array(Math.min(Math.max(2 * buffer.length, length + value.length), maximumBytes));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(value, length);
      length += value.length;
    }
  } catch (error) {
    stop();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function readNext(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch {
    throw new GuardError("url_unreachable", "broke off its answer");
  }
}
