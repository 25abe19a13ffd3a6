import * as z from "zod/mini";
import { Expression, ModelName } from "../../schemas/primitives.ts";
import { sha256 } from "./digest.ts";
import type { KvEntries } from "./kv-entries.ts";
import { SingleFlight } from "./single-flight.ts";

/** Everything that a caption depends on. Each part is in the cache key. */
export interface CaptionQuestion {
  /** The model's entry in its stage's chain. */
  readonly model: string;
  readonly promptVersion: string;
  /** SHA-256 of the picture as it came. */
  readonly picture: string;
}

const CachedCaption = z.object({
  caption: Expression,
  /** The model that wrote it and its version, for the answer's `stages`. */
  model: ModelName,
  version: ModelName,
});
export type CachedCaption = z.infer<typeof CachedCaption>;

/** Captions in KV, so that a picture is described once. An entry that cannot be read is a miss. */
export class CaptionCache {
  readonly #entries: KvEntries;
  /** Captions that are being written, by `captionKey`. */
  readonly flights: SingleFlight<CachedCaption>;

  /** @param clock Unix time in milliseconds */
  constructor(entries: KvEntries, clock: () => number) {
    this.#entries = entries;
    this.flights = new SingleFlight(clock);
  }

  /** The cached caption; null for a miss. */
  async get(key: string): Promise<CachedCaption | null> {
    const [found] = await this.#entries.get([key]);
    return CachedCaption.safeParse(found).data ?? null;
  }

  put(key: string, caption: CachedCaption): Promise<void> {
    return this.#entries.put(key, caption);
  }
}

/** The SHA-256 of a question. */
export function captionKey({ model, promptVersion, picture }: CaptionQuestion): Promise<string> {
  return sha256(JSON.stringify(["caption", model, promptVersion, picture]));
}
