import { LIMITS } from "../../schemas/limits.ts";
import { createProviderFetch, type ProviderFetch } from "../../src/net/provider-fetch.ts";

const PART = new Uint8Array(1024 * 1024).fill(0x20);

export interface EndlessHost {
  readonly endpoint: URL;
  readonly fetch: ProviderFetch;
  /** How many bytes of its answer were read. */
  bytesRead(): number;
}

/**
 * A model host whose answer is white space without end. It ends at eight times the limit, so that code without a limit
 * fails its test and does not hang it.
 */
export function endlessHost(): EndlessHost {
  const endpoint = new URL("https://models.test/v1");
  let read = 0;
  const answer = async () =>
    new Response(
      new ReadableStream<Uint8Array>({
        pull(controller) {
          read += PART.length;
          if (read > 8 * LIMITS.replyBytes) controller.close();
          else controller.enqueue(PART.slice());
        },
      }),
    );
  return { endpoint, bytesRead: () => read, fetch: createProviderFetch(new Set([endpoint.origin]), answer) };
}
