import { deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { pngChunk } from "../../src/image/png-chunk.ts";
import type { PictureType } from "../../src/image/sniff.ts";

/** A file format of a picture, and what its header must contain. */
export interface PictureForm {
  readonly name: string;
  readonly type: PictureType;
  readonly encode: (image: Sharp) => Sharp;
  readonly expected: { readonly components: number; readonly animated?: boolean };
  /** The largest difference of a channel from the drawn colour, 0 to 255. */
  readonly tolerance: number;
  readonly grey?: boolean;
}

const jpeg = (name: string, encode: PictureForm["encode"], components = 3, tolerance = 12): PictureForm => ({
  name: `${name} JPEG`,
  type: "image/jpeg",
  encode,
  expected: { components },
  tolerance,
  grey: components === 1,
});
const png = (name: string, encode: PictureForm["encode"], components = 3, tolerance = 2): PictureForm => ({
  name: `${name} PNG`,
  type: "image/png",
  encode,
  expected: { components },
  tolerance,
});
const webp = (name: string, encode: PictureForm["encode"], components = 3, tolerance = 2): PictureForm => ({
  name: `${name} WebP`,
  type: "image/webp",
  encode,
  expected: { components },
  tolerance,
});

/** Every accepted form that sharp can write. `handPng` writes the other forms of PNG. */
export const FORMS: readonly PictureForm[] = [
  jpeg("baseline", (image) => image.jpeg({ quality: 95 })),
  jpeg("4:4:4", (image) => image.jpeg({ quality: 95, chromaSubsampling: "4:4:4" })),
  jpeg("progressive", (image) => image.jpeg({ quality: 95, progressive: true })),
  jpeg("optimised", (image) => image.jpeg({ quality: 95, mozjpeg: true })),
  jpeg("grey", (image) => image.toColourspace("b-w").jpeg({ quality: 95 }), 1),
  // CMYK has fewer colours than RGB, so colours change.
  jpeg("CMYK", (image) => image.toColourspace("cmyk").jpeg({ quality: 95 }), 4, 85),
  png("RGB", (image) => image.png()),
  png("RGBA", (image) => image.ensureAlpha().png(), 4),
  png("palette", (image) => image.png({ palette: true, colours: 256, dither: 0 }), 3, 8),
  png("interlaced", (image) => image.png({ progressive: true })),
  png("16-bit", (image) => image.toColourspace("rgb16").png()),
  png("16-bit interlaced", (image) => image.toColourspace("rgb16").png({ progressive: true })),
  webp("lossy", (image) => image.webp({ quality: 95 }), 3, 16),
  webp("lossless", (image) => image.webp({ lossless: true })),
  // Not fully opaque, because encoders leave out an alpha of 255 everywhere.
  webp("lossy with alpha", (image) => image.ensureAlpha(0.98).webp({ quality: 95 }), 4, 22),
  webp("lossless with alpha", (image) => image.ensureAlpha(0.98).webp({ lossless: true }), 4, 8),
  webp("extended with a colour profile", (image) =>
    image.keepIccProfile().withIccProfile("srgb").webp({ lossless: true }),
  ),
];

/** 64 × 48 in blocks of 8 × 8 pixels of different colours: lossy coding keeps the middle of each block. */
export const BLOCKS = { width: 64, height: 48 };
export const blockColour = (x: number, y: number): [red: number, green: number, blue: number] => {
  const [column, row] = [x >> 3, y >> 3];
  return [40 + column * 24, 40 + row * 36, 220 - column * 12 - row * 12];
};
const blockPixels = Uint8Array.from({ length: BLOCKS.width * BLOCKS.height * 3 }, (_, index) => {
  const pixel = Math.floor(index / 3);
  return blockColour(pixel % BLOCKS.width, Math.floor(pixel / BLOCKS.width))[index % 3] ?? 0;
});
export const drawBlocks = (): Sharp => sharp(blockPixels, { raw: { ...BLOCKS, channels: 3 } });

/** A short animation: the picture, then black. */
export async function animatedWebp(image: Sharp): Promise<Buffer> {
  const first = await image.clone().png().toBuffer();
  const second = await image.clone().linear(0, 0).png().toBuffer();
  return sharp([first, second], { join: { animated: true } })
    .webp({ lossless: true, delay: [100, 100], loop: 0 })
    .toBuffer();
}

export interface HandPng {
  readonly width: number;
  readonly height: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGBA (PNG specification, 11.2.1). */
  readonly colourType: 0 | 2 | 3 | 4 | 6;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly interlaced?: boolean;
  /** The channels of a pixel as stored: 0 to 2^depth − 1, or its place in the palette. */
  readonly sample: (x: number, y: number) => readonly number[];
  /** Chunks before the pixels: PLTE, tRNS, eXIf, … */
  readonly chunks?: ReadonlyArray<readonly [type: string, data: Uint8Array]>;
}

/** Where each of Adam7's passes begins and how far it steps: x, y, across, down (PNG specification, 8.2). */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** A PNG of any colour type, depth and interlacing, its rows unfiltered. */
export function handPng({
  width,
  height,
  colourType,
  depth,
  interlaced = false,
  sample,
  chunks = [],
}: HandPng): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType, 0, 0, interlaced ? 1 : 0], 8);
  const rows: number[] = [];
  for (const [left, top, across, down] of interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const)) {
    // A pass without a column has no rows either.
    if (left >= width) continue;
    for (let y = top; y < height; y += down) {
      let bits = "";
      for (let x = left; x < width; x += across)
        for (const value of sample(x, y)) bits += value.toString(2).padStart(depth, "0");
      rows.push(0, ...(bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2)));
    }
  }
  const parts = [
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk("IHDR", header),
    ...chunks.map(([type, data]) => pngChunk(type, data)),
    pngChunk("IDAT", deflateSync(Uint8Array.from(rows))),
    pngChunk("IEND", new Uint8Array()),
  ];
  return new Uint8Array(Buffer.concat(parts));
}
