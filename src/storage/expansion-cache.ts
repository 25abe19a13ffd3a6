import * as z from "zod/mini";
import { LIMITS } from "../../schemas/limits.ts";
import { Expression, ModelName } from "../../schemas/primitives.ts";
import { sha256 } from "./digest.ts";

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

/**
 * Maximum keys of one reading operation (developers.cloudflare.com/kv/api/read-key-value-pairs, November 2026). An
 * entity has up to two questions.
 */
const KEYS = 100;

/** Referring expressions in KV, so that a name in a post is expanded once. An entry that cannot be read is a miss. */
export class ExpansionCache {
  readonly #kv: KVNamespace;

  constructor(kv: KVNamespace) {
    this.#kv = kv;
  }

  /** The cached expression of each question, in their order; null for a miss. One KV operation for 100 questions. */
  async get(questions: readonly ExpansionQuestion[]): Promise<Array<CachedExpansion | null>> {
    const keys = await Promise.all(questions.map(expansionKey));
    const different = [...new Set(keys)];
    const found = new Map<string, unknown>();
    for (let first = 0; first < different.length; first += KEYS) {
      const some = await this.#kv.get<unknown>(different.slice(first, first + KEYS), "json");
      for (const [key, value] of some) found.set(key, value);
    }
    return keys.map((key) => CachedExpansion.safeParse(found.get(key)).data ?? null);
  }

  /** Keep an expression for `LIMITS.expansionCacheSeconds`. */
  async put(question: ExpansionQuestion, expansion: CachedExpansion): Promise<void> {
    await this.#kv.put(await expansionKey(question), JSON.stringify(expansion), {
      expirationTtl: LIMITS.expansionCacheSeconds,
    });
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
