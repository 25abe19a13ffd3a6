import type { StoredPicture } from "./overlay-store.ts";

/** A job's picture, as it was read from the request. */
export interface JobPicture extends StoredPicture {
  /** The problem of a file that ends too early; null for a whole one. */
  readonly cutOff: unknown;
}

type OnlyIf = { readonly etagMatches: string } | { readonly etagDoesNotMatch: string };

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

  /**
   * Lets one request at a time store the pictures of a batch: those of two requests would have the same names. False
   * while another request may still do so.
   *
   * @param request the request's id
   * @param until when the claim ends by itself, should its request be lost. Unix time in milliseconds
   */
  async claim(account: string, batch: string, request: string, now: number, until: number): Promise<boolean> {
    const claim = (onlyIf: OnlyIf) => this.#putClaim(claimKey(account, batch), request, until, onlyIf);
    const isFree = { etagDoesNotMatch: "*" };
    if (await claim(isFree)) return true;
    const other = await this.#bucket.head(claimKey(account, batch));
    if (other && Number(other.customMetadata?.until) > now) return false;
    return claim(other ? { etagMatches: other.etag } : isFree);
  }

  /** Makes a claim end later. False where the request has it no more: it ended, and another one may have it. */
  async keepClaim(account: string, batch: string, request: string, until: number): Promise<boolean> {
    const held = await this.#bucket.head(claimKey(account, batch));
    if (held?.customMetadata?.request !== request) return false;
    return this.#putClaim(claimKey(account, batch), request, until, { etagMatches: held.etag });
  }

  /**
   * Ends the claim of a request, where it still has it.
   *
   * @param until a time by which that is done. R2 deletes without a condition, so the claim is kept meanwhile
   */
  async unclaim(account: string, batch: string, request: string, until: number): Promise<void> {
    if (await this.keepClaim(account, batch, request, until)) await this.#bucket.delete(claimKey(account, batch));
  }

  /** The time is part of the content, so that each put has an ETag of its own. */
  async #putClaim(name: string, request: string, until: number, onlyIf: OnlyIf): Promise<boolean> {
    const customMetadata = { request, until: String(until) };
    return (await this.#bucket.put(name, `${request} ${until}`, { onlyIf, customMetadata })) !== null;
  }

  /** Deletes up to 1,000 pictures. What is gone is no error. */
  async delete(account: string, jobs: readonly string[]): Promise<void> {
    await this.#bucket.delete(jobs.map((job) => key(account, job)));
  }
}

function claimKey(account: string, batch: string): string {
  return `${key(account, batch)}-claim`;
}

function key(account: string, job: string): string {
  return `jobs/${account}/${job}`;
}
