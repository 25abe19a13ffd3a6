import { toHex } from "../../../schemas/encodings.ts";
import { joinUrl } from "../../net/join-url.ts";
import { describeError } from "../../observe/log.ts";
import type { Runtime } from "../../runtime.ts";
import type { PictureHost } from "../../stages/picture-ref.ts";
import { sha256 } from "../../storage/digest.ts";
import { type PictureStore, picturePath } from "../../storage/picture-store.ts";
import type { LinkSigner } from "../../storage/signed-link.ts";
import type { StoreCall } from "../store-call.ts";

export interface RunPicturesOptions extends Pick<Runtime, "randomBytes" | "log"> {
  readonly pictures: PictureStore;
  readonly links: LinkSigner;
  /** Where models reach this Worker; null when they cannot. */
  readonly publicUrl: URL | null;
  /** Unix time in milliseconds at which the run ends, and its links with it. */
  readonly deadline: number;
  /**
   * The run's id where another process may go on with it: its links are then the same in each, so that what a vendor
   * was asked is known again. Null for random ones.
   */
  readonly name: string | null;
  /** Aborts when the run has ended. */
  readonly signal: AbortSignal;
  readonly atStore: StoreCall;
}

/** The pictures of one run in R2: under random names, with links that expire with the run, deleted when it ends. */
export class RunPictures implements PictureHost {
  readonly #options: RunPicturesOptions;
  readonly #ids: string[] = [];
  readonly #writing: Promise<void>[] = [];
  readonly #cleanups: Array<() => Promise<unknown>> = [];
  #closed = false;

  constructor(options: RunPicturesOptions) {
    this.#options = options;
  }

  /** A signed link to the picture. Also null when R2 is down or too slow: models then get the bytes. */
  async link(bytes: Uint8Array, type: string): Promise<string | null> {
    const { pictures, links, publicUrl, deadline, name, randomBytes, atStore, signal, log } = this.#options;
    if (!publicUrl || this.#closed) return null;
    const id = name === null ? toHex(randomBytes(16)) : (await sha256(`${name} ${await sha256(bytes)}`)).slice(0, 32);
    try {
      this.#ids.push(id);
      const put = () => {
        const writing = pictures.put(id, bytes, type);
        this.#writing.push(writing);
        return writing;
      };
      await atStore(put, signal);
      const query = await links.sign(picturePath(id), Math.ceil(deadline / 1000));
      return `${joinUrl(publicUrl, picturePath(id)).href}?${query}`;
    } catch (error) {
      log({ event: "picture_not_kept", ...describeError(error) });
      return null;
    }
  }

  atEnd(cleanup: () => Promise<unknown>): void {
    if (this.#closed) cleanup().catch(() => undefined);
    else this.#cleanups.push(cleanup);
  }

  /** Deletes everything that the run stored. Never throws: the bucket's lifecycle rule deletes what is left behind. */
  async close(): Promise<void> {
    const { atStore } = this.#options;
    this.#closed = true;
    // A picture that is still being written would arrive after its own deletion. One that hangs is not waited for.
    await atStore(() => Promise.allSettled(this.#writing)).catch(() => undefined);
    const cleaning = Promise.allSettled(this.#cleanups.splice(0).map((cleanup) => cleanup()));
    await Promise.all([cleaning, this.#deleteStored()]);
  }

  async #deleteStored(): Promise<void> {
    const { pictures, atStore, log } = this.#options;
    if (this.#ids.length === 0) return;
    try {
      await atStore(() => pictures.delete(this.#ids.splice(0)));
    } catch (error) {
      log({ event: "picture_not_deleted", ...describeError(error) });
    }
  }
}
