import type { StoredFile } from "./stored-file.ts";

/** A picture that an overlay is drawn on, as it is stored. */
export interface StoredPicture {
  readonly bytes: Uint8Array;
  /** Media type of `bytes`. */
  readonly type: string;
  /** Size of the upright picture, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** EXIF orientation of the stored pixels, 1 to 8. */
  readonly orientation: number;
  readonly sha256: string;
  /** Whether the renderer can decode it. */
  readonly drawable: boolean;
}

/**
 * Overlays in R2, under `overlays/{account}/{request id}/`. The picture and the answer are stored first; the drawing
 * replaces them when the link is first followed. A lifecycle rule removes the rest (docs/deploy.md).
 */
export class OverlayStore {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  /** Keep the picture that an overlay will be drawn on. */
  async putPicture(account: string, id: string, { bytes, ...facts }: StoredPicture): Promise<void> {
    await this.#bucket.put(key(account, id, "picture"), bytes, { customMetadata: { facts: JSON.stringify(facts) } });
  }

  /** Keep the answer that an overlay will show. */
  async putAnswer(account: string, id: string, answer: object): Promise<void> {
    await this.#bucket.put(key(account, id, "answer"), JSON.stringify(answer));
  }

  /** The picture and the answer, as they were put; null when either is gone. */
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
    await this.#bucket.delete(overlayKeys(account, id));
  }

  /** The drawing, or null when there is none. */
  async getPng(account: string, id: string): Promise<StoredFile | null> {
    return this.#bucket.get(key(account, id, "png"));
  }
}

/** Path at which an overlay is served. */
export function overlayPath(account: string, id: string): string {
  return `/v1/overlays/${account}/${id}.png`;
}

/** The keys of everything that may be stored of an overlay. */
export function overlayKeys(account: string, id: string): string[] {
  return (["picture", "answer", "png"] as const).map((part) => key(account, id, part));
}

function key(account: string, id: string, part: "picture" | "answer" | "png"): string {
  return `overlays/${account}/${id}/${part}`;
}
