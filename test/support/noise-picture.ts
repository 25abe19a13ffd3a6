import sharp, { type Sharp } from "sharp";
import type { PictureType } from "../../src/image/sniff.ts";

/** Noise that no encoder can simplify, 64 × 48. */
const noise = Uint8Array.from({ length: 64 * 48 * 3 }, (_, index) => (index * 97 + (index >> 5) * 31) & 0xff);
export const drawNoise = (): Sharp => sharp(noise, { raw: { width: 64, height: 48, channels: 3 } });
export const bytesOf = async (image: Sharp) => new Uint8Array(await image.toBuffer());
/** The decoded pixels, of every frame. */
export const pixelsOf = (bytes: Uint8Array) => sharp(bytes, { animated: true }).raw().toBuffer();

/** The same noise in every kind of file that is accepted, and what its header must say. */
export const NOISE_FORMS: ReadonlyArray<[name: string, type: PictureType, make: () => Sharp, expected: object]> = [
  ["baseline JPEG", "image/jpeg", () => drawNoise().jpeg(), { components: 3 }],
  ["progressive JPEG", "image/jpeg", () => drawNoise().jpeg({ progressive: true }), { components: 3 }],
  ["grey JPEG", "image/jpeg", () => drawNoise().toColourspace("b-w").jpeg(), { components: 1 }],
  ["CMYK JPEG", "image/jpeg", () => drawNoise().toColourspace("cmyk").jpeg(), { components: 4 }],
  ["RGB PNG", "image/png", () => drawNoise().png(), { components: 3 }],
  ["PNG with alpha", "image/png", () => drawNoise().ensureAlpha(0.5).png(), { components: 4 }],
  ["palette PNG", "image/png", () => drawNoise().png({ palette: true, colours: 16 }), { components: 3 }],
  [
    "16-bit interlaced PNG",
    "image/png",
    () => drawNoise().toColourspace("rgb16").png({ progressive: true }),
    { components: 3 },
  ],
  ["lossy WebP", "image/webp", () => drawNoise().webp(), { components: 3 }],
  ["lossless WebP", "image/webp", () => drawNoise().webp({ lossless: true }), { components: 3 }],
  ["WebP with alpha", "image/webp", () => drawNoise().ensureAlpha(0.5).webp(), { components: 4 }],
];
