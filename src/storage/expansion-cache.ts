import * as z from "zod/mini";
import { Expression, ModelName } from "../../schemas/primitives.ts";
import { sha256 } from "./digest.ts";
import type { KvEntries } from "./kv-entries.ts";
import { SingleFlight } from "./single-flight.ts";

/** Everything that an expression depends on. Each part is in the cache key. */
export interface ExpansionQuestion {
  /** The model's entry in its stage's chain. */
  readonly model: string;
  readonly promptVersion: string;
  readonly entity: string;
  readonly type: string;
  readonly text: string;
  /** SHA-256 of the picture; null for a post without one. */
  readonly picture: string | null;
  /**
   * Where the caption came from: the caller's own caption, or else the entry of the caption model (its captions vary
   * from call to call). Null when there was no caption.
   */
  readonly background: string | null;
}

const CachedExpansion = z.object({
  text: Expression,
  method: z.enum(["llm", "template"]),
  /** The model that wrote it and its version, for the answer's `stages`. */
  model: ModelName,
  version: ModelName,
});
export type CachedExpansion = z.infer<typeof CachedExpansion>;

/** Referring expressions in KV, so that a name in a post is expanded once. An entry that cannot be read is a miss. */
export class ExpansionCache {
  readonly #entries: KvEntries;
  /** Expressions that are being written, by `expansionKey`. */
  readonly flights: SingleFlight<CachedExpansion>;

  /** @param clock Unix time in milliseconds */
  constructor(entries: KvEntries, clock: () => number) {
    this.#entries = entries;
    this.flights = new SingleFlight(clock);
  }

  /** The cached expression of each question, in their order; null for a miss. */
  async get(questions: readonly ExpansionQuestion[]): Promise<Array<CachedExpansion | null>> {
    const found = await this.#entries.get(await Promise.all(questions.map(expansionKey)));
    return found.map((value) => CachedExpansion.safeParse(value).data ?? null);
  }

  /** @param key by `expansionKey` */
  async put(key: string, expansion: CachedExpansion): Promise<void> {
    await this.#entries.put(key, expansion);
  }
}

/**
 * The SHA-256 of a question. The post's text is normalised first (NFKC, white space to single spaces), because line
 * breaks do not change its meaning.
 */
export function expansionKey({
  model,
  promptVersion,
  entity,
  type,
  text,
  picture,
  background,
}: ExpansionQuestion): Promise<string> {
  const normalised = text.normalize("NFKC").replace(/\s+/gu, " ").trim();
  return sha256(JSON.stringify([model, promptVersion, entity, type, normalised, picture, background]));
}
