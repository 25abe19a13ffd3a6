import type { Mapping, Reply, RequestSettings, SignatureScheme } from "../../schemas/sources.ts";

const PREFIX = "sources/";
/** Maximum tries of a change while other changes come before it. */
const CHANGES = 5;

/** A secret that verifies messages. Times are Unix milliseconds. */
export interface SourceSecret {
  readonly secret: string;
  readonly createdAt: number;
  /** When it stops working; null for never. */
  readonly expiresAt: number | null;
}

/** A source of incoming messages, as it is stored. */
export interface StoredSource {
  /** `src_…` */
  readonly id: string;
  readonly name: string;
  /** The account that pays; null where nobody does. */
  readonly account: string | null;
  readonly signature: SignatureScheme;
  readonly mapping: Mapping;
  readonly defaults: RequestSettings;
  readonly reply: Reply | null;
  /** The newest first. */
  readonly secrets: readonly SourceSecret[];
  /** `whsec_…`, which signs what the reply address is told; null without one. */
  readonly replySecret: string | null;
  readonly createdAt: number;
}

/** The operator's sources of incoming messages, in R2 as JSON under `sources/{id}`, with the secrets. */
export class SourceStore {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  async put(source: StoredSource): Promise<void> {
    await this.#write(source);
  }

  /** A source; null where there is none. */
  async get(id: string): Promise<StoredSource | null> {
    const found = await this.#bucket.get(PREFIX + id);
    return found ? found.json<StoredSource>() : null;
  }

  /**
   * Sources by id.
   *
   * @param after the last id of the page before; null for the first page
   * @returns the sources, and the last of them when there are more
   */
  async list(after: string | null, limit: number): Promise<{ sources: StoredSource[]; next: string | null }> {
    const startAfter = after === null ? {} : { startAfter: PREFIX + after };
    const { objects, truncated } = await this.#bucket.list({ prefix: PREFIX, limit, ...startAfter });
    const ids = objects.map(({ key }) => key.slice(PREFIX.length));
    // One that is deleted meanwhile is left out.
    const sources = (await Promise.all(ids.map((id) => this.get(id)))).filter((source) => source !== null);
    return { sources, next: truncated ? (ids.at(-1) ?? null) : null };
  }

  /** Changes a source. Two changes at the same time both count. Null where there is no such source. */
  async change(id: string, change: (source: StoredSource) => StoredSource): Promise<StoredSource | null> {
    for (let attempt = 0; attempt < CHANGES; attempt++) {
      const found = await this.#bucket.get(PREFIX + id);
      if (!found) return null;
      const changed = change(await found.json<StoredSource>());
      const onlyIf = { etagMatches: found.etag };
      if (await this.#write(changed, { onlyIf })) return changed;
    }
    throw new Error(`${id} is changed by too many at once`);
  }

  /** Deletes a source. It is no error when there is none. */
  async delete(id: string): Promise<void> {
    await this.#bucket.delete(PREFIX + id);
  }

  /** Deletes the sources of an account. It may be repeated. */
  async deleteAllOf(account: string): Promise<void> {
    for (let cursor: string | undefined; ; ) {
      const include: "customMetadata"[] = ["customMetadata"];
      const page = await this.#bucket.list({ prefix: PREFIX, include, ...(cursor === undefined ? {} : { cursor }) });
      const its = page.objects.filter(({ customMetadata }) => customMetadata?.account === account);
      if (its.length > 0) await this.#bucket.delete(its.map(({ key }) => key));
      if (!page.truncated) return;
      cursor = page.cursor;
    }
  }

  /** Stores a source, with its account in the metadata, so that R2's list tells whose it is. */
  #write(source: StoredSource, options: { readonly onlyIf?: { etagMatches: string } } = {}) {
    const { id, account } = source;
    const customMetadata: Record<string, string> = account === null ? {} : { account };
    return this.#bucket.put(PREFIX + id, JSON.stringify(source), { ...options, customMetadata });
  }
}
