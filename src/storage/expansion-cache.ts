import * as z from "zod/mini";
import { LIMITS } from "../../schemas/limits.ts";
import { sha256 } from "./digest.ts";

/** Everything that an expression depends on; each part is in the key. */
export interface ExpansionQuestion {
  /** The model's entry in the chain. */
  readonly model: string;
  readonly promptVersion: string;
  readonly entity: string;
  readonly type: string;
  readonly text: string;
  /** SHA-256 of the picture; null for a post without one. */
  readonly picture: string | null;
  /**
   * What was told of the picture in words: a caller's own words, or else the entry of the model that gave them, whose
   * words are not the same twice. Null where nothing was told.
   */
  readonly background: string | null;
}

const CachedExpansion = z.object({
  text: z.string(),
  method: z.enum(["llm", "template"]),
  /** Who wrote it, for the answer's `stages`. */
  model: z.string(),
  version: z.string(),
});
export type CachedExpansion = z.infer<typeof CachedExpansion>;

/** Referring expressions in KV, so that a name in a post is expanded once. A cache: what it cannot read is a miss. */
export class ExpansionCache {
  readonly #kv: KVNamespace;

  constructor(kv: KVNamespace) {
    this.#kv = kv;
  }

  /**
   * The cached expression of each question, in their order; null for a miss. One KV operation; KV takes at most 100
   * keys in one.
   */
  async get(questions: readonly ExpansionQuestion[]): Promise<Array<CachedExpansion | null>> {
    if (questions.length === 0) return [];
    const keys = await Promise.all(questions.map(expansionKey));
    const found = await this.#kv.get<unknown>([...new Set(keys)], "json");
    return keys.map((key) => CachedExpansion.safeParse(found.get(key)).data ?? null);
  }

  async put(question: ExpansionQuestion, expansion: CachedExpansion): Promise<void> {
    await this.#kv.put(await expansionKey(question), JSON.stringify(expansion), {
      expirationTtl: LIMITS.expansionCacheSeconds,
    });
  }
}

/** The post's text counts in NFKC with its white space made one space: how a client wraps a line changes no meaning. */
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
