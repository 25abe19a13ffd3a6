import type { RleMask } from "../../schemas/primitives.ts";
import { sha256 } from "./digest.ts";
import type { StoredFile } from "./stored-file.ts";

/**
 * Masks in R2 as one-channel PNG, under `masks/{account}/{SHA-256 of the RLE}`. The same mask is the same object and is
 * written once.
 */
export class MaskStore {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  /**
   * Keep a mask; `encode` makes its PNG. Returns the SHA-256 under which it is stored.
   *
   * @param begins is told the key before anything is stored under it
   */
  async put(
    account: string,
    mask: RleMask,
    encode: (mask: RleMask) => Uint8Array,
    begins: (key: string) => void = () => undefined,
  ): Promise<string> {
    const sha = await sha256(JSON.stringify([mask.size, mask.counts]));
    const key = maskKey(account, sha);
    begins(key);
    // The first writer wins, so a PNG that somebody has a link to never changes.
    await this.#bucket.put(key, encode(mask), {
      httpMetadata: { contentType: "image/png" },
      onlyIf: { etagDoesNotMatch: "*" },
    });
    return sha;
  }

  /** The PNG, or a part of it; null when there is none. */
  async get(account: string, sha: string, part?: { offset: number; length: number }): Promise<StoredFile | null> {
    return this.#bucket.get(maskKey(account, sha), part ? { range: part } : {});
  }
}

/** Path at which a mask is served. */
export function maskPath(account: string, sha: string): string {
  return `/v1/masks/${account}/${sha}.png`;
}

/** The key of a mask in R2. */
export function maskKey(account: string, sha: string): string {
  return `masks/${account}/${sha}`;
}

/** Whether a key of the bucket is that of a mask. */
export function isMask(key: string): boolean {
  return key.startsWith("masks/");
}
