import { LIMITS } from "../../schemas/limits.ts";
import type { Size } from "../../schemas/primitives.ts";
import { toDataUrl } from "../image/data-url.ts";
import { createLimiter } from "../net/connections.ts";
import type { PictureHost } from "./picture-host.ts";

/** A picture as models are given it: by a link where they can follow one, else as a data URL. */
export class View {
  readonly bytes: Uint8Array;
  readonly type: string;
  /** Of the pixels that models see: the frame of their boxes and masks. */
  readonly size: Size;
  readonly #host: PictureHost;
  // Four copies of 10 MB, each a third longer as base64, exceed the isolate.
  readonly #alone = createLimiter(1);
  #link: Promise<string | null> | null = null;

  constructor({ bytes, type, size }: Pick<View, "bytes" | "type" | "size">, host: PictureHost) {
    this.bytes = bytes;
    this.type = type;
    this.size = size;
    this.#host = host;
  }

  /** Do something with the picture's link or data URL. A long data URL is in use once at a time. */
  async lend<T>(takesLinks: boolean, use: (source: string) => Promise<T>): Promise<T> {
    if (takesLinks) {
      this.#link ??= this.#host.show(this.bytes, this.type);
      const link = await this.#link;
      if (link !== null) return use(link);
    }
    const inline = () => use(toDataUrl(this.bytes, this.type));
    return this.bytes.length > LIMITS.inlineAloneBytes ? this.#alone(inline) : inline();
  }
}
