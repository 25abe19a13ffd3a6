import { scaleBox } from "../../schemas/geometry.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { inverseOrientation, turnBox, turnSize } from "../../schemas/orientation.ts";
import type { Box, Size } from "../../schemas/primitives.ts";
import { toDataUrl } from "../image/data-url.ts";
import { createLimiter } from "../net/connections.ts";

/** Makes links that models can follow to pictures; null where they cannot. */
export interface PictureLinks {
  show(bytes: Uint8Array, type: string): Promise<string | null>;
}

/**
 * A picture as models are given it: by a link where they can follow one, else as a data URL. It has no orientation tag unless it goes to the
 * `picture` stage, so that nobody turns it a second time.
 */
export class View {
  readonly bytes: Uint8Array;
  readonly type: string;
  /** Of the pixels that models see: the frame of their boxes and masks. */
  readonly size: Size;
  /** EXIF orientation of those pixels: 1 when they stand upright. */
  readonly orientation: number;
  readonly #host: PictureLinks;
  // Four copies of 10 MB, each a third longer as base64, exceed the isolate.
  readonly #alone = createLimiter(1);
  #link: Promise<string | null> | null = null;

  constructor({ bytes, type, size, orientation }: Pick<View, "bytes" | "type" | "size" | "orientation">, host: PictureLinks) {
    this.bytes = bytes;
    this.type = type;
    this.size = size;
    this.orientation = orientation;
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

/** A box over the view as a box over the caller's upright picture, whose size is `size`. */
export function toCaller(box: Box, view: View, size: Size): Box {
  const turned = turnSize(view.size, view.orientation);
  return scaleBox(turnBox(box, view.orientation, view.size), size.width / turned.width, size.height / turned.height);
}

/** The other way: a box over the caller's picture as a box over the view. */
export function fromCaller(box: Box, view: View, size: Size): Box {
  const turned = turnSize(view.size, view.orientation);
  const scaled = scaleBox(box, turned.width / size.width, turned.height / size.height);
  return turnBox(scaled, inverseOrientation(view.orientation), turned);
}
