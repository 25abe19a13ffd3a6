/** What is stored of a picture that an overlay is drawn on. */
export interface StoredPicture {
  readonly bytes: Uint8Array;
  /** Media type of `bytes`. */
  readonly type: string;
  /** Upright, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** EXIF orientation of the stored pixels. */
  readonly orientation: number;
  readonly sha256: string;
  /** Whether the renderer can decode it. */
  readonly drawable: boolean;
}

/**
 * Overlays in R2, under `overlays/{account}/{request id}/`: the picture and the answer first, the drawing in their
 * place once somebody has asked for it. A lifecycle rule removes what nobody asks for (docs/deploy.md).
 */
export class OverlayStore {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  async putPicture(account: string, id: string, { bytes, ...facts }: StoredPicture): Promise<void> {
    await this.#bucket.put(key(account, id, "picture"), bytes, { customMetadata: { facts: JSON.stringify(facts) } });
  }

  async putAnswer(account: string, id: string, answer: object): Promise<void> {
    await this.#bucket.put(key(account, id, "answer"), JSON.stringify(answer));
  }

  /** What an overlay is drawn from; null when it is not there any more. `answer` is as it was put. */
  async getSource(account: string, id: string): Promise<{ picture: StoredPicture; answer: unknown } | null> {
    const [picture, answer] = await Promise.all([
      this.#bucket.get(key(account, id, "picture")),
      this.#bucket.get(key(account, id, "answer")),
    ]);
    if (!picture || !answer) return null;
    const facts = JSON.parse(picture.customMetadata?.facts ?? "{}") as Omit<StoredPicture, "bytes">;
    return { picture: { ...facts, bytes: new Uint8Array(await picture.arrayBuffer()) }, answer: await answer.json() };
  }

  /** Keep the drawing and delete what it was drawn from. */
  async putPng(account: string, id: string, png: Uint8Array): Promise<void> {
    await this.#bucket.put(key(account, id, "png"), png, { httpMetadata: { contentType: "image/png" } });
    await this.#bucket.delete([key(account, id, "picture"), key(account, id, "answer")]);
  }

  /** Delete everything that is kept of an overlay. */
  async delete(account: string, id: string): Promise<void> {
    await this.#bucket.delete([key(account, id, "picture"), key(account, id, "answer"), key(account, id, "png")]);
  }

  async getPng(account: string, id: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const object = await this.#bucket.get(key(account, id, "png"));
    return object && new Uint8Array(await object.arrayBuffer());
  }
}

/** Where an overlay is served. */
export function overlayPath(account: string, id: string): string {
  return `/v1/overlays/${account}/${id}.png`;
}

function key(account: string, id: string, part: "picture" | "answer" | "png"): string {
  return `overlays/${account}/${id}/${part}`;
}
