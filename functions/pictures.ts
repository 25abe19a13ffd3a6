import { createHash } from "node:crypto";
import sharp, { type Sharp } from "sharp";
import { LIMITS } from "../schemas/limits.ts";
import type { Box } from "../schemas/primitives.ts";
import { pictureBytes } from "./picture-bytes.ts";
import { InputError } from "./stage-function.ts";

/** Bytes of pixels and features that are kept for pictures seen lately. */
const CACHE_BYTES = 128 * 1024 * 1024;

/** 8-bit RGB, three bytes a pixel, row by row. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * A decoded picture. `width` and `height` are those of the upright picture as sent: the frame of every box and mask.
 * `pixels` is the same picture with its long side at most `LIMITS.modelSide`, decoded once.
 */
export interface Picture {
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: Pixels;
  /**
   * Compute a model's features once for this picture. Concurrent callers share one computation; a failed one is
   * forgotten.
   */
  feature<T>(model: string, compute: (picture: Picture) => Promise<T>): Promise<T>;
  /** A part of the picture (a box in picture coordinates; everything without one) at another size. Bilinear. */
  resized(width: number, height: number, box?: Box): Promise<Pixels>;
}

/** Decodes pictures, each once, and forgets the one used longest ago when their pixels outgrow the bound. */
export class PictureStore {
  readonly #kept = new Map<string, Promise<Picture>>();
  readonly #sizes = new Map<string, number>();
  readonly #maximumBytes: number;

  constructor(maximumBytes = CACHE_BYTES) {
    this.#maximumBytes = maximumBytes;
  }

  /**
   * The picture of a data URL or behind a link. Throws an `InputError` when it cannot be had or decoded, or has too
   * many pixels.
   */
  async open(source: string): Promise<Picture> {
    const bytes = await pictureBytes(source);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const kept = this.#kept.get(sha256);
    if (kept) {
      this.#kept.delete(sha256);
      this.#kept.set(sha256, kept);
      return kept;
    }
    const opened = decode(bytes, sha256);
    this.#kept.set(sha256, opened);
    opened.then(
      ({ pixels }) => this.#grow(sha256, pixels.data.length),
      () => this.#kept.delete(sha256),
    );
    return opened;
  }

  #grow(sha256: string, bytes: number): void {
    this.#sizes.set(sha256, bytes);
    let total = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
    for (const oldest of this.#kept.keys()) {
      if (total <= this.#maximumBytes || oldest === sha256) break;
      total -= this.#sizes.get(oldest) ?? 0;
      this.#sizes.delete(oldest);
      this.#kept.delete(oldest);
    }
  }
}

/**
 * A sharp pipeline over bytes: upright, opaque, sRGB, its first frame only. Throws an `InputError` when the header
 * cannot be read.
 */
export async function openUpright(bytes: Buffer): Promise<{ image: Sharp; width: number; height: number }> {
  const options = { limitInputPixels: LIMITS.picturePixels, failOn: "error", pages: 1 } as const;
  const header = await sharp(bytes, options)
    .metadata()
    .catch((error: Error) => {
      throw unreadable(error);
    });
  if (!["jpeg", "png", "webp"].includes(header.format)) {
    throw new InputError("invalid_picture", `a picture of type ${header.format}; JPEG, PNG and WebP are read`);
  }
  // sharp takes its two channels for grey and alpha, which no JPEG has.
  if (header.format === "jpeg" && header.channels === 2)
    throw new InputError("invalid_picture", "a JPEG of two channels");
  const { width, height } = header.autoOrient;
  const pixels = width * (header.pageHeight ?? height);
  if (pixels > LIMITS.picturePixels)
    throw new InputError("picture_too_many_pixels", `${pixels} pixels; at most ${LIMITS.picturePixels}`);
  const image = sharp(bytes, options).autoOrient().flatten({ background: "#ffffff" }).toColourspace("srgb");
  return { image, width, height: header.pageHeight ?? height };
}

/** What sharp throws, as the caller's fault. */
export function unreadable(error: Error): InputError {
  const code = /pixel limit/i.test(error.message) ? "picture_too_many_pixels" : "invalid_picture";
  return new InputError(code, error.message.split("\n", 1)[0] ?? "cannot be decoded");
}

async function decode(bytes: Buffer, sha256: string): Promise<Picture> {
  const { image, width, height } = await openUpright(bytes);
  const { data, info } = await image
    .resize({ width: LIMITS.modelSide, height: LIMITS.modelSide, fit: "inside", withoutEnlargement: true })
    .removeAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((error: Error) => {
      throw unreadable(error);
    });
  return new DecodedPicture(sha256, width, height, { data, width: info.width, height: info.height });
}

class DecodedPicture implements Picture {
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: Pixels;
  readonly #features = new Map<string, Promise<unknown>>();

  constructor(sha256: string, width: number, height: number, pixels: Pixels) {
    this.sha256 = sha256;
    this.width = width;
    this.height = height;
    this.pixels = pixels;
  }

  feature<T>(model: string, compute: (picture: Picture) => Promise<T>): Promise<T> {
    const known = this.#features.get(model) as Promise<T> | undefined;
    if (known) return known;
    const computed = compute(this);
    this.#features.set(model, computed);
    computed.catch(() => this.#features.delete(model));
    return computed;
  }

  async resized(width: number, height: number, box?: Box): Promise<Pixels> {
    const raw = { width: this.pixels.width, height: this.pixels.height, channels: 3 } as const;
    let image = sharp(this.pixels.data, { raw });
    if (box) {
      const [x, y] = [raw.width / this.width, raw.height / this.height];
      const left = Math.max(0, Math.min(raw.width - 1, Math.round(box.xmin * x)));
      const top = Math.max(0, Math.min(raw.height - 1, Math.round(box.ymin * y)));
      const right = Math.max(left + 1, Math.min(raw.width, Math.round(box.xmax * x)));
      const bottom = Math.max(top + 1, Math.min(raw.height, Math.round(box.ymax * y)));
      image = image.extract({ left, top, width: right - left, height: bottom - top });
    }
    const { data } = await image
      .resize(width, height, { fit: "fill", kernel: "linear" })
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data, width, height };
  }
}
