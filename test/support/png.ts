import { concat } from "../../src/image/bytes.ts";
import { toDataUrl } from "../../src/image/data-url.ts";
import { pngChunk } from "../../src/image/png-chunk.ts";

export { toBase64 as base64 } from "../../src/image/data-url.ts";

/**
 * A grey 8-bit PNG whose pixels are all black: enough for code that reads headers. `orientation` goes into an `eXIf`
 * chunk.
 */
export async function blackPng(width: number, height: number, orientation?: number): Promise<Uint8Array<ArrayBuffer>> {
  return greyPng({ width, height }, () => 0, orientation);
}

/** A grey 8-bit PNG of noise, which does not compress; the same in every run. */
export async function noisyPng(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  let state = 1;
  return greyPng({ width, height }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** A grey 8-bit PNG, `sample` giving each pixel's value. */
export async function greyPng(
  { width, height }: { width: number; height: number },
  sample: (x: number, y: number) => number,
  orientation?: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header[8] = 8;
  const filtered = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) filtered[y * (width + 1) + 1 + x] = sample(x, y);
  const rows = new Blob([filtered]).stream().pipeThrough(new CompressionStream("deflate"));
  const pixels = new Uint8Array(await new Response(rows).arrayBuffer());
  const exif = orientation === undefined ? [] : [pngChunk("eXIf", exifOf(orientation))];
  return new Uint8Array(
    concat([
      Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
      pngChunk("IHDR", header),
      ...exif,
      pngChunk("IDAT", pixels),
      pngChunk("IEND", new Uint8Array()),
    ]),
  );
}

/** The pixels of a PNG that this file wrote, and its orientation tag; null without one. */
export async function readGreyPng(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [width, height] = [0, 0];
  let orientation: number | null = null;
  const data: Uint8Array<ArrayBuffer>[] = [];
  for (let start = 8; start < bytes.length; start += 12 + view.getUint32(start)) {
    const type = String.fromCharCode(...bytes.subarray(start + 4, start + 8));
    if (type === "IHDR") [width, height] = [view.getUint32(start + 8), view.getUint32(start + 12)];
    if (type === "eXIf") orientation = view.getUint16(start + 8 + 18);
    if (type === "IDAT") data.push(bytes.slice(start + 8, start + 8 + view.getUint32(start)));
  }
  const inflated = new Blob(data).stream().pipeThrough(new DecompressionStream("deflate"));
  const filtered = new Uint8Array(await new Response(inflated).arrayBuffer());
  return { width, height, orientation, sample: (x: number, y: number) => filtered[y * (width + 1) + 1 + x] ?? 0 };
}

/** A data URL, of a PNG where no type is given. */
export const dataUrl = (bytes: Uint8Array, type = "image/png"): string => toDataUrl(bytes, type);

/** Big-endian TIFF with one entry: tag 0x0112, a short. */
function exifOf(orientation: number): Uint8Array {
  return Uint8Array.of(
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    0x01,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  );
}
