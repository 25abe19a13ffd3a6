import type { StoredPicture } from "./overlay-store.ts";

/** A job's picture, as it was read from the request. */
export interface JobPicture extends StoredPicture {
  /** The problem of a file that ends too early; null for a whole one. */
  readonly cutOff: unknown;
}

/** Pictures of jobs in R2, under `jobs/{account}/{job id}`, until the job's result is deleted. */
export class JobPictures<Picture extends JobPicture> {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  async put(account: string, job: string, { bytes, ...facts }: Picture): Promise<void> {
    await this.#bucket.put(key(account, job), bytes, { customMetadata: { facts: JSON.stringify(facts) } });
  }

  /**
   * The picture as it was put; null when it is gone.
   *
   * @param expect is told its size before it is read. Where it throws, nothing is read
   */
  async get(account: string, job: string, expect: (bytes: number) => void): Promise<Picture | null> {
    const object = await this.#bucket.get(key(account, job));
    if (!object) return null;
    try {
      expect(object.size);
    } catch (error) {
      await object.body.cancel();
      throw error;
    }
    const facts = JSON.parse(object.customMetadata?.facts ?? "{}") as Omit<Picture, "bytes">;
    return { ...facts, bytes: new Uint8Array(await object.arrayBuffer()) } as Picture;
  }

  /** Deletes up to 1,000 pictures. What is gone is no error. */
  async delete(account: string, jobs: readonly string[]): Promise<void> {
    await this.#bucket.delete(jobs.map((job) => key(account, job)));
  }
}

function key(account: string, job: string): string {
  return `jobs/${account}/${job}`;
}
