import sharp, { type Sharp } from "sharp";

/** Red left, blue right, green along the top: no two of its rotations and reflections are equal. */
const drawing = sharp({ create: { width: 60, height: 40, channels: 3, background: "#ff0000" } }).composite([
  { input: { create: { width: 30, height: 40, channels: 3, background: "#0000ff" } }, left: 30, top: 0 },
  { input: { create: { width: 60, height: 10, channels: 3, background: "#00ff00" } }, left: 0, top: 0 },
]);
export const UPRIGHT = await drawing.png().toBuffer();

/** How to store the drawing for each orientation tag. */
const STORED: Record<number, (image: Sharp) => Sharp> = {
  1: (image) => image,
  2: (image) => image.flop(),
  3: (image) => image.rotate(180),
  4: (image) => image.flip(),
  5: (image) => image.rotate(270).flop(),
  6: (image) => image.rotate(270),
  7: (image) => image.rotate(90).flop(),
  8: (image) => image.rotate(90),
};

/** The drawing as a JPEG whose orientation tag (EXIF, 1 to 8) turns it upright. */
export async function turnedDrawing(orientation: number): Promise<Buffer> {
  const turned = await (STORED[orientation] as (image: Sharp) => Sharp)(sharp(UPRIGHT)).png().toBuffer();
  return sharp(turned).withMetadata({ orientation }).jpeg({ quality: 100, chromaSubsampling: "4:4:4" }).toBuffer();
}

/** The share of RGB values in which pixels clearly differ from the upright drawing's. */
export async function shareOfWrongValues(pixels: Uint8Array): Promise<number> {
  const expected = await sharp(UPRIGHT).removeAlpha().raw().toBuffer();
  return expected.filter((value, index) => Math.abs(value - (pixels[index] ?? -999)) > 40).length / expected.length;
}

/** Bytes as a base64 data URL. */
export function dataUrl(bytes: Buffer, type = "jpeg"): string {
  return `data:image/${type};base64,${bytes.toString("base64")}`;
}
