/** A stored object as a stream. */
type StoredBody = NonNullable<Awaited<ReturnType<R2Bucket["get"]>>>["body"];

/**
 * Pictures in R2 while their request runs, under `pictures/{id}`. A lifecycle rule removes what a crash leaves
 * (docs/deploy.md).
 */
export class PictureStore {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  async put(id: string, bytes: Uint8Array, type: string): Promise<void> {
    await this.#bucket.put(key(id), bytes, { httpMetadata: { contentType: type } });
  }

  /** The picture as a stream, or null where there is none any more. */
  async get(id: string): Promise<{ body: StoredBody; size: number; type: string } | null> {
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

/** Where a picture is served. */
export function picturePath(id: string): string {
  return `/v1/pictures/${id}`;
}

function key(id: string): string {
  return `pictures/${id}`;
}
