import type { Limiter } from "../net/connections.ts";
import { describeError, type Log } from "../observe/log.ts";
import { type PictureStore, picturePath } from "../storage/picture-store.ts";
import type { LinkSigner } from "../storage/signed-link.ts";
import type { PictureLinks } from "./view.ts";

export interface PictureHosting {
  readonly pictures: PictureStore;
  readonly links: LinkSigner;
  /** Where models reach us; null when they cannot. */
  readonly publicUrl: URL | null;
  /** Unix time in milliseconds at which the request ends, and its links with it. */
  readonly deadline: number;
  readonly random: (length: number) => Uint8Array;
  readonly limit: Limiter;
  readonly log: Log;
}

/** Shows one request's pictures to models: in R2 under random names, behind links that expire with the request, gone when it ends. */
export class PictureHost implements PictureLinks {
  readonly #hosting: PictureHosting;
  readonly #kept: string[] = [];
  readonly #writing: Promise<void>[] = [];
  #closed = false;

  constructor(hosting: PictureHosting) {
    this.#hosting = hosting;
  }

  /** A link to the picture; null where models cannot reach us or R2 is down, and they must be given the bytes instead. */
  async show(bytes: Uint8Array, type: string): Promise<string | null> {
    const { pictures, links, publicUrl, deadline, random, limit, log } = this.#hosting;
    if (!publicUrl || this.#closed) return null;
    const id = Array.from(random(16), (byte) => byte.toString(16).padStart(2, "0")).join("");
    try {
      this.#kept.push(id);
      const writing = limit(() => pictures.put(id, bytes, type));
      this.#writing.push(writing);
      await writing;
      const query = await links.sign(picturePath(id), Math.ceil(deadline / 1000));
      return `${publicUrl.href.replace(/\/$/, "")}${picturePath(id)}?${query}`;
    } catch (error) {
      log({ event: "picture_not_kept", ...describeError(error) });
      return null;
    }
  }

  /** Delete what was shown. Never throws: what is left behind falls to the bucket's lifecycle rule. */
  async close(): Promise<void> {
    const { pictures, limit, log } = this.#hosting;
    this.#closed = true;
    // A picture that is still on its way would arrive after its own deletion.
    await Promise.allSettled(this.#writing);
    if (this.#kept.length === 0) return;
    try {
      await limit(() => pictures.delete(this.#kept.splice(0)));
    } catch (error) {
      log({ event: "picture_not_deleted", ...describeError(error) });
    }
  }
}
