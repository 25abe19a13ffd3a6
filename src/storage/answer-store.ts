import type { StoredFile } from "./stored-file.ts";

/** An answer as it was sent. */
export interface SentAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Facts about an answer that are stored with it, so that its charge can be booked from it alone. */
export type AnswerFacts = Readonly<Record<string, string>>;

/**
 * Answers to requests with an `Idempotency-Key`, in R2 under `answers/{account}/{request id}`, byte by byte as they
 * were sent. They are deleted after a day; a lifecycle rule removes what a crash left (docs/deploy.md).
 */
export class AnswerStore {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  async put(account: string, id: string, body: Uint8Array<ArrayBuffer>, facts: AnswerFacts): Promise<void> {
    await this.#bucket.put(answerKey(account, id), body, { customMetadata: { ...facts } });
  }

  /** The answer's bytes; null when it is no longer stored. */
  async get(account: string, id: string): Promise<StoredFile | null> {
    return this.#bucket.get(answerKey(account, id));
  }

  /** The facts that were stored with an answer; null when it is not stored. */
  async facts(account: string, id: string): Promise<AnswerFacts | null> {
    const found = await this.#bucket.head(answerKey(account, id));
    return found ? (found.customMetadata ?? {}) : null;
  }

  /** Deletes up to 1,000 answers. It is no error when one is not stored. */
  async delete(account: string, ids: readonly string[]): Promise<void> {
    await this.#bucket.delete(ids.map((id) => answerKey(account, id)));
  }
}

/** The key of an answer in R2. */
export function answerKey(account: string, id: string): string {
  return `answers/${account}/${id}`;
}
