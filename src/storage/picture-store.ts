import type { StoredFile } from "./stored-file.ts";

/**
 * Pictures in R2 while their request runs, under `pictures/{id}`. A lifecycle rule removes those that a crashed request
 * left behind (docs/deploy.md).
 */
export class PictureStore {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  /** Stores a picture under an id that nobody can guess. */
  async put(id: string, bytes: Uint8Array, type: string): Promise<void> {
    await this.#bucket.put(key(id), bytes, { httpMetadata: { contentType: type } });
  }

  /** The picture as a stream, its size in bytes and its media type; null when it is gone. */
  async get(id: string): Promise<(StoredFile & { readonly type: string }) | null> {
    const object = await this.#bucket.get(key(id));
    return (
      object && {
        body: object.body,
        size: object.size,
        type: object.httpMetadata?.contentType ?? "application/octet-stream",
      }
    );
  }

  async delete(ids: readonly string[]): Promise<void> {
    await this.#bucket.delete(ids.map(key));
  }
}

/** Path at which a picture is served. */
export function picturePath(id: string): string {
  return `/v1/pictures/${id}`;
}

function key(id: string): string {
  return `pictures/${id}`;
}
