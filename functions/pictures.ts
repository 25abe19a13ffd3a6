import { createHash } from "node:crypto";
import sharp, { type Sharp } from "sharp";
import { LIMITS } from "../schemas/limits.ts";
import type { Box } from "../schemas/primitives.ts";
import { pictureBytes } from "./picture-bytes.ts";
import { InputError, type RunContext } from "./stage-function.ts";

/** Most bytes of pixels and features to keep for recently used pictures. */
const CACHE_BYTES = 64 * 1024 * 1024;
/** What a picture costs beside its pixels and features, and a feature beside its data. Estimated. */
const ENTRY_BYTES = 2_048;

// libvips would keep the results of past operations, which no other picture can use.
sharp.cache(false);

/** 8-bit RGB, three bytes a pixel, row by row. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * A decoded picture. `width` and `height` are those of the upright picture as sent: boxes and masks are in this frame.
 * `pixels` is the same picture with a long side of at most `LIMITS.modelSide`.
 */
export interface Picture {
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: Pixels;
  /**
   * A model's features of this picture, computed at the first call. Concurrent callers share one computation; after a
   * failure the next call computes again.
   */
  feature<T>(model: string, compute: (picture: Picture) => Promise<T>): Promise<T>;
  /** A part of the picture (a box in picture coordinates; without one, all of it) at another size, bilinear. */
  resized(width: number, height: number, box?: Box): Promise<Pixels>;
}

interface Kept {
  readonly picture: Promise<Picture>;
  bytes: number;
}

/**
 * Decodes each picture once, and drops the least recently used when the pixels and features of all exceed
 * `maximumBytes`.
 */
export class PictureStore {
  readonly #kept = new Map<string, Kept>();
  readonly #maximumBytes: number;
  #bytes = 0;

  constructor(maximumBytes = CACHE_BYTES) {
    this.#maximumBytes = maximumBytes;
  }

  /** How many pictures are kept, and their bytes. */
  get size(): { pictures: number; bytes: number } {
    return { pictures: this.#kept.size, bytes: this.#bytes };
  }

  /**
   * The picture of a data URL or a link. Each caller fetches a link itself, within its own signal and without its place
   * in the queue; decoding is shared and short, so that no caller's cancel fails another's. Throws an `InputError` when
   * it cannot be fetched or decoded, or has too many pixels.
   */
  async open(source: string, run?: RunContext): Promise<Picture> {
    const bytes = await pictureBytes(source, run);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const known = this.#kept.get(sha256);
    if (known) {
      this.#kept.delete(sha256);
      this.#kept.set(sha256, known);
      return known.picture;
    }
    const kept: Kept = {
      picture: decode(bytes, sha256, (more) => {
        if (this.#kept.get(sha256) === kept) this.#grow(kept, more);
      }),
      bytes: 0,
    };
    this.#kept.set(sha256, kept);
    this.#grow(kept, ENTRY_BYTES);
    kept.picture.then(
      ({ pixels }) => {
        if (this.#kept.get(sha256) === kept) this.#grow(kept, pixels.data.length);
      },
      () => this.#drop(sha256),
    );
    return kept.picture;
  }

  #grow(kept: Kept, bytes: number): void {
    kept.bytes += bytes;
    this.#bytes += bytes;
    for (const [oldest, other] of this.#kept) {
      if (this.#bytes <= this.#maximumBytes || other === kept) break;
      this.#drop(oldest);
    }
  }

  #drop(sha256: string): void {
    this.#bytes -= this.#kept.get(sha256)?.bytes ?? 0;
    this.#kept.delete(sha256);
  }
}

/**
 * A sharp pipeline: upright, opaque, sRGB, its first frame only. `width` and `height` are those of the upright picture.
 */
interface Opened {
  readonly upright: Sharp;
  readonly width: number;
  readonly height: number;
}

/**
 * What `use` makes of a picture. Of a picture that is cut off or damaged, it gets what decodes. Throws an `InputError`
 * when the header cannot be read, or nothing decodes.
 */
export async function decodeUpright<T>(bytes: Buffer, use: (opened: Opened) => Promise<T>): Promise<T> {
  try {
    return await use(await openUpright(bytes, "error"));
  } catch (error) {
    const opened = await openUpright(bytes, "none");
    if (await isBlank(bytes)) throw unreadable(error as Error);
    return use(opened).catch((worse: Error) => {
      throw unreadable(worse);
    });
  }
}

/** Whether all pixels that decode are equal: decoders fill what did not come with one colour. */
async function isBlank(bytes: Buffer): Promise<boolean> {
  const stats = await sharp(bytes, optionsOf("none"))
    .stats()
    .catch(() => null);
  return stats?.channels.every(({ min, max }) => min === max) ?? true;
}

const optionsOf = (failOn: "error" | "none") => ({ limitInputPixels: LIMITS.picturePixels, failOn, pages: 1 }) as const;

async function openUpright(bytes: Buffer, failOn: "error" | "none"): Promise<Opened> {
  const options = optionsOf(failOn);
  const header = await sharp(bytes, options)
    .metadata()
    .catch((error: Error) => {
      throw unreadable(error);
    });
  if (!["jpeg", "png", "webp"].includes(header.format)) {
    throw new InputError("invalid_picture", `the picture's format is ${header.format}; it must be JPEG, PNG or WebP`);
  }
  // sharp reads two channels as grey and alpha, and no JPEG has an alpha channel.
  if (header.format === "jpeg" && header.channels === 2)
    throw new InputError("invalid_picture", "the picture is a JPEG with two channels");
  const { width, height } = header.autoOrient;
  const pixels = width * (header.pageHeight ?? height);
  if (pixels > LIMITS.picturePixels)
    throw new InputError(
      "picture_too_many_pixels",
      `the picture has ${pixels} pixels, more than the limit of ${LIMITS.picturePixels}`,
    );
  const upright = sharp(bytes, options).autoOrient().flatten({ background: "#ffffff" }).toColourspace("srgb");
  return { upright, width, height: header.pageHeight ?? height };
}

/** The `InputError` for what sharp throws. */
function unreadable(error: Error): InputError {
  if (error instanceof InputError) return error;
  const code = /pixel limit/i.test(error.message) ? "picture_too_many_pixels" : "invalid_picture";
  return new InputError(code, error.message.split("\n", 1)[0] ?? "the picture cannot be decoded");
}

async function decode(bytes: Buffer, sha256: string, onGrow: (bytes: number) => void): Promise<Picture> {
  return decodeUpright(bytes, async ({ upright, width, height }) => {
    const { data, info } = await upright
      .resize({ width: LIMITS.modelSide, height: LIMITS.modelSide, fit: "inside", withoutEnlargement: true })
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return new DecodedPicture(sha256, width, height, { data, width: info.width, height: info.height }, onGrow);
  });
}

/** About how much memory a feature takes: its arrays of numbers exactly, the rest by the number of its values. */
function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === "string") return 2 * value.length;
  if (typeof value !== "object" || value === null) return 8;
  return Object.values(value).reduce((sum: number, part) => sum + bytesOf(part), ENTRY_BYTES / 32);
}

class DecodedPicture implements Picture {
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: Pixels;
  readonly #features = new Map<string, Promise<unknown>>();
  readonly #onGrow: (bytes: number) => void;

  constructor(sha256: string, width: number, height: number, pixels: Pixels, onGrow: (bytes: number) => void) {
    this.sha256 = sha256;
    this.width = width;
    this.height = height;
    this.pixels = pixels;
    this.#onGrow = onGrow;
  }

  feature<T>(model: string, compute: (picture: Picture) => Promise<T>): Promise<T> {
    const known = this.#features.get(model) as Promise<T> | undefined;
    if (known) return known;
    const computed = compute(this);
    this.#features.set(model, computed);
    computed.then(
      (value) => this.#onGrow(bytesOf(value)),
      () => this.#features.delete(model),
    );
    return computed;
  }

  async resized(width: number, height: number, box?: Box): Promise<Pixels> {
    const raw = { width: this.pixels.width, height: this.pixels.height, channels: 3 } as const;
    let part = sharp(this.pixels.data, { raw });
    if (box) {
      const [x, y] = [raw.width / this.width, raw.height / this.height];
      const left = Math.max(0, Math.min(raw.width - 1, Math.round(box.xmin * x)));
      const top = Math.max(0, Math.min(raw.height - 1, Math.round(box.ymin * y)));
      const right = Math.max(left + 1, Math.min(raw.width, Math.round(box.xmax * x)));
      const bottom = Math.max(top + 1, Math.min(raw.height, Math.round(box.ymax * y)));
      part = part.extract({ left, top, width: right - left, height: bottom - top });
    }
    const { data } = await part
      .resize(width, height, { fit: "fill", kernel: "linear" })
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data, width, height };
  }
}
