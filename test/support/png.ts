/** A grey 8-bit PNG whose pixels are all black: enough for code that reads headers. `orientation` goes into an `eXIf` chunk. */
export async function blackPng(width: number, height: number, orientation?: number): Promise<Uint8Array<ArrayBuffer>> {
  return greyPng(width, height, new Uint8Array((width + 1) * height), orientation);
}

/** The same with pixels that no compression makes fewer bytes of, drawn alike in every run. */
export async function noisyPng(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  let state = 1;
  const rows = Uint8Array.from({ length: (width + 1) * height }, (_, index) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return index % (width + 1) === 0 ? 0 : state >>> 24;
  });
  return greyPng(width, height, rows);
}

async function greyPng(
  width: number,
  height: number,
  pixels: Uint8Array<ArrayBuffer>,
  orientation?: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header[8] = 8;
  const rows = new Blob([pixels]).stream().pipeThrough(new CompressionStream("deflate"));
  const compressed = new Uint8Array(await new Response(rows).arrayBuffer());
  const exif = orientation === undefined ? [] : [chunk("eXIf", exifOf(orientation))];
  const parts = [
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", header),
    ...exif,
    chunk("IDAT", compressed),
    chunk("IEND", new Uint8Array()),
  ];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
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
  return Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0);
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
