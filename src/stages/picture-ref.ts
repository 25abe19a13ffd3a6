import { LIMITS } from "../../schemas/limits.ts";
import type { Size } from "../../schemas/primitives.ts";
import { toDataUrl } from "../image/data-url.ts";
import { createLimiter } from "../net/connections.ts";

/** Where the pictures of one run are kept while it lasts. */
export interface PictureHost {
  /** A link that models can follow to the picture, until the run ends; null where they cannot reach this Worker. */
  link(bytes: Uint8Array, type: string): Promise<string | null>;
  /** Registers work to do when the run ends, such as deleting an uploaded copy. After the end it is done at once. */
  atEnd(cleanup: () => Promise<unknown>): void;
}

/** The bytes of a picture that models see, with their media type, size and orientation. */
export type PictureData = Pick<PictureRef, "bytes" | "type" | "size" | "orientation">;

/**
 * One picture of one run, passed from the pipeline to the providers. It becomes a string (a link or a data URL) only
 * where a wire format needs one. What is derived from it (its link, a vendor's upload) is made once per run.
 *
 * @example await picture.withSource((linkOrDataUrl) => send({ image: linkOrDataUrl }));
 */
export class PictureRef {
  readonly bytes: Uint8Array;
  /** Media type of `bytes`. */
  readonly type: string;
  /** Size of the pixels that models see: the frame of their boxes and masks. */
  readonly size: Size;
  /** EXIF orientation of those pixels: 1 when they stand upright. */
  readonly orientation: number;
  readonly #host: PictureHost;
  readonly #linkable: boolean;
  readonly #held: boolean;
  readonly #shared: SharedState;

  constructor(
    { bytes, type, size, orientation }: PictureData,
    host: PictureHost,
    { linkable = true, held = false, shared = new SharedState() }: ReferenceOptions = {},
  ) {
    this.bytes = bytes;
    this.type = type;
    this.size = size;
    this.orientation = orientation;
    this.#host = host;
    this.#linkable = linkable;
    this.#held = held;
    this.#shared = shared;
  }

  /** The same picture for a model that cannot follow links. What was made `once` stays made. */
  withoutLinks(): PictureRef {
    return new PictureRef(this, this.#host, { linkable: false, held: this.#held, shared: this.#shared });
  }

  /**
   * The same picture for a call that already runs inside `exclusively`: it copies the bytes without waiting again. A
   * call must wait for the picture before it takes a connection. Otherwise, calls that wait for the picture would hold
   * every connection.
   */
  whileHeld(): PictureRef {
    return new PictureRef(this, this.#host, { linkable: this.#linkable, held: true, shared: this.#shared });
  }

  /** A link that models can follow; null when there is none. The first call makes it. */
  async link(): Promise<string | null> {
    return this.#linkable ? this.#shared.once("link", () => this.#host.link(this.bytes, this.type)) : null;
  }

  /**
   * Calls `use` with the picture's data URL. Only one call at a time uses a long one: four copies of 10 MB exceed the
   * isolate's memory.
   */
  withDataUrl<T>(use: (dataUrl: string) => Promise<T>): Promise<T> {
    return this.exclusively(() => use(toDataUrl(this.bytes, this.type)));
  }

  /** Calls `use` with the picture's link if it has one, else with its data URL. */
  async withSource<T>(use: (linkOrDataUrl: string) => Promise<T>): Promise<T> {
    const link = await this.link();
    return link === null ? this.withDataUrl(use) : use(link);
  }

  /** Runs work that copies the picture's bytes. For a picture above `LIMITS.inlineAloneBytes`, one work at a time. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const waits = !this.#held && this.bytes.length > LIMITS.inlineAloneBytes;
    return waits ? this.#shared.alone(work) : work();
  }

  /**
   * Something derived from the picture, made once per run however many calls need it. If making it fails, the next call
   * tries again.
   *
   * @param key names the thing and where it is: `replicate https://api.replicate.com/v1`
   * @param undo takes it back when the run ends, also when it is finished only then
   */
  once<T>(key: string, make: () => Promise<T>, undo?: (made: T) => Promise<unknown>): Promise<T> {
    return this.#shared.once(key, () => {
      const making = make();
      if (undo) this.#host.atEnd(() => making.then(undo, () => undefined));
      return making;
    });
  }
}

interface ReferenceOptions {
  readonly linkable?: boolean;
  readonly held?: boolean;
  readonly shared?: SharedState;
}

/** What all references to one picture share. */
class SharedState {
  readonly alone = createLimiter(1);
  readonly #made = new Map<string, Promise<unknown>>();

  once<T>(key: string, make: () => Promise<T>): Promise<T> {
    const pending = this.#made.get(key) as Promise<T> | undefined;
    if (pending) return pending;
    const making = make();
    this.#made.set(key, making);
    making.catch(() => this.#made.delete(key));
    return making;
  }
}
