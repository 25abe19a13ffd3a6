/**
 * A grey 8-bit PNG whose pixels are all black: enough for code that reads headers. `orientation` goes into an `eXIf`
 * chunk.
 */
export async function blackPng(width: number, height: number, orientation?: number): Promise<Uint8Array<ArrayBuffer>> {
  return greyPng({ width, height }, () => 0, orientation);
}

/** The same with pixels that no compression makes fewer bytes of, drawn alike in every run. */
export async function noisyPng(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  let state = 1;
  return greyPng({ width, height }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** A grey 8-bit PNG of what `sample` says of each pixel. */
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
  const exif = orientation === undefined ? [] : [chunk("eXIf", exifOf(orientation))];
  const parts = [
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", header),
    ...exif,
    chunk("IDAT", pixels),
    chunk("IEND", new Uint8Array()),
  ];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** What a grey 8-bit PNG that this file wrote shows, row by row, and its orientation tag; null without one. */
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

export function dataUrl(bytes: Uint8Array, type = "image/png"): string {
  return `data:${type};base64,${base64(bytes)}`;
}

export function base64(bytes: Uint8Array): string {
  let characters = "";
  for (const byte of bytes) characters += String.fromCharCode(byte);
  return btoa(characters);
}

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

function chunk(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
