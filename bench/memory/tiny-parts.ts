import { crc32 } from "node:zlib";

/** Whole pictures of each type, into which parts are put. The WebP is extended. */
export interface WholePictures {
  readonly jpeg: Uint8Array;
  readonly png: Uint8Array;
  readonly webp: Uint8Array;
}

/** A picture whose file is mostly parts of a few bytes, and how many of them it has. */
export interface TinyParts {
  readonly name: string;
  readonly file: Buffer;
  readonly parts: number;
}

/** Bytes of a PNG before its first chunk of pixels: the signature and the header. */
const PNG_HEAD = 33;
/** Bytes of an extended WebP before its second chunk: the RIFF header and the chunk VP8X. */
const WEBP_HEAD = 30;

/**
 * One file for each kind of tiny part, with as many of them as fit in `bytes`. Each decodes to the picture into which
 * they were put, or decoders say that it has too many.
 */
export function tinyParts({ jpeg, png, webp }: WholePictures, bytes: number): TinyParts[] {
  const afterStart = (part: Buffer) => filled(jpeg.subarray(0, 2), part, jpeg.subarray(2), bytes);
  const beforeEnd = (part: Buffer) => filled(jpeg.subarray(0, -2), part, jpeg.subarray(-2), bytes);
  const inPng = (part: Buffer) => filled(png.subarray(0, PNG_HEAD), part, png.subarray(PNG_HEAD), bytes);
  const inWebp = (part: Buffer) =>
    withRiffSize(filled(webp.subarray(0, WEBP_HEAD), part, webp.subarray(WEBP_HEAD), bytes));
  const files = {
    "JPEG of restart markers": afterStart(Buffer.of(0xff, 0xd0)),
    "JPEG with a scan of restart markers": beforeEnd(Buffer.of(0xff, 0xd0)),
    "JPEG of empty tables": afterStart(Buffer.of(0xff, 0xc4, 0, 2)),
    "JPEG of empty comments": afterStart(Buffer.of(0xff, 0xfe, 0, 2)),
    "PNG of empty pixels": inPng(pngChunk("IDAT")),
    "PNG of empty texts": inPng(pngChunk("tEXt")),
    "WebP of empty alphas": inWebp(Buffer.from("ALPH\0\0\0\0")),
    "WebP of unknown chunks": inWebp(Buffer.from("ABCD\0\0\0\0")),
  };
  return Object.entries(files).map(([name, { file, parts }]) => ({ name, file, parts }));
}

function filled(before: Uint8Array, part: Buffer, after: Uint8Array, bytes: number) {
  const parts = Math.floor((bytes - before.length - after.length) / part.length);
  return { file: Buffer.concat([before, Buffer.alloc(parts * part.length, part), after]), parts };
}

function withRiffSize(filledWebp: { file: Buffer; parts: number }) {
  filledWebp.file.writeUInt32LE(filledWebp.file.length - 8, 4);
  return filledWebp;
}

/** An empty chunk: its length, its type and its checksum. */
function pngChunk(type: string): Buffer {
  const chunk = Buffer.alloc(12);
  chunk.write(type, 4, "latin1");
  chunk.writeUInt32BE(crc32(type), 8);
  return chunk;
}
