import { LIMITS } from "../schemas/limits.ts";
import { InputError, type RunContext } from "./stage-function.ts";

/** How long to wait for a linked picture, in milliseconds. */
const LINK_TIMEOUT_MS = 10_000;

/**
 * The bytes of a stage's picture: of a base64 data URL, or of an http or https link (Cog containers fetch the links in
 * their input). A link must answer 200 within ten seconds, with at most `LIMITS.uploadBytes`, and without a redirect.
 * Throws an `InputError` for anything else, and the signal's reason when the caller has left.
 *
 * @param run the prediction that asks: it gives up its place in the queue meanwhile
 */
export async function pictureBytes(source: string, run?: RunContext, timeoutMs = LINK_TIMEOUT_MS): Promise<Buffer> {
  if (!/^https?:/i.test(source)) return dataUrlBytes(source);
  return run ? run.away(() => linkedBytes(source, timeoutMs, run.signal)) : linkedBytes(source, timeoutMs);
}

function dataUrlBytes(dataUrl: string): Buffer {
  const comma = dataUrl.indexOf(",");
  if (!/^data:[^,]*;base64$/i.test(dataUrl.slice(0, Math.max(0, comma))))
    throw new InputError("invalid_picture", "the picture is not a base64 data URL");
  const bytes = Buffer.from(dataUrl.slice(comma + 1), "base64");
  if (bytes.length === 0) throw new InputError("invalid_picture", "the picture is empty");
  return bytes;
}

/**
 * The timer, the caller's signal and the reader are held here until the end, and each part is raced against them:
 * `fetch` itself holds its signal weakly once the headers have come, so that a timeout may be lost to the garbage
 * collector and a host that drips would never be left.
 */
async function linkedBytes(link: string, timeoutMs: number, signal?: AbortSignal): Promise<Buffer> {
  const stop = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener("abort", () => reject(stop.signal.reason), { once: true });
  });
  stopped.catch(() => undefined);
  const leave = () => stop.abort(signal?.reason);
  if (signal?.aborted) leave();
  signal?.addEventListener("abort", leave, { once: true });
  const late = new InputError("picture_unreachable", `the picture's link took longer than ${timeoutMs} ms`);
  const timer = setTimeout(() => stop.abort(late), timeoutMs);
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  try {
    const response = await Promise.race([fetch(link, { redirect: "error", signal: stop.signal }), stopped]);
    if (response.status !== 200 || !response.body)
      throw new InputError("picture_unreachable", `the picture's link answered ${response.status}`);
    reader = response.body.getReader();
    const parts: Uint8Array[] = [];
    for (let length = 0; ; ) {
      const { done, value } = await Promise.race([reader.read(), stopped]);
      if (done) return Buffer.concat(parts, length);
      length += value.length;
      if (length > LIMITS.uploadBytes)
        throw new InputError("picture_unreachable", `the picture exceeds the limit of ${LIMITS.uploadBytes} bytes`);
      parts.push(value);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof InputError) throw error;
    throw new InputError("picture_unreachable", "the picture's link could not be fetched");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
    // Closes the connection when the answer was not read to its end.
    stop.abort();
    reader?.cancel().catch(() => undefined);
  }
}
