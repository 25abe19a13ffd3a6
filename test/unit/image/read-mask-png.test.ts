import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { concat } from "../../../src/image/bytes.ts";
import { encodeMaskPng } from "../../../src/image/mask-png.ts";
import { pngChunk } from "../../../src/image/png-chunk.ts";
import { readMaskPicture } from "../../../src/image/read-mask-png.ts";
import { drawnMasks, SQUARE, sharpPng } from "../../support/drawn-masks.ts";
import { type HandPng, handPng } from "../../support/picture-forms.ts";
import { greyPng } from "../../support/png.ts";
import { encodeRle } from "../../support/rle.ts";

/** The mask alone. */
const maskIn = async (png: Uint8Array) => (await readMaskPicture(png))?.mask ?? null;

const SIZE = { width: 5, height: 3 };
const isSet = (x: number, y: number) => (x + 2 * y) % 3 === 0;
const pixels = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, index) =>
  Number(isSet(index % SIZE.width, Math.floor(index / SIZE.width))),
);
const MASK = encodeRle(pixels, SIZE);

/** The mask as a PNG whose set pixels have one sample and whose other pixels have another. */
const pngOf = (form: Omit<HandPng, "width" | "height" | "sample">, set: number[], unset: number[]) =>
  handPng({ ...SIZE, ...form, sample: (x, y) => (isSet(x, y) ? set : unset) });
const palette = (...entries: number[]) => ["PLTE", Uint8Array.from(entries)] as const;

describe("the mask of readMaskPicture", () => {
  test("returns the mask that encodeMaskPng was given, whatever it shows", async () => {
    await fc.assert(
      fc.asyncProperty(drawnMasks, async ({ mask }) => {
        expect(await maskIn(encodeMaskPng(mask))).toEqual(mask);
      }),
    );
  });

  test("returns the mask when the rows of the PNG are filtered, whatever it shows", async () => {
    await fc.assert(
      fc.asyncProperty(drawnMasks, async ({ mask }) => {
        const colours = (set: number) => (set ? [250, 180, 200] : [9, 60, 3]);
        expect(await maskIn(await sharpPng(mask, 3, colours, { adaptiveFiltering: true }))).toEqual(mask);
      }),
      { numRuns: 40 },
    );
  });

  test("returns null when the PNG is cut off", async () => {
    const png = encodeMaskPng(SQUARE);
    for (let length = 9; length < png.length - 13; length += 3) expect(await maskIn(png.slice(0, length))).toBeNull();
  });

  test("returns null when the PNG has more rows than its header says", async () => {
    const png = encodeMaskPng(SQUARE);
    new DataView(png.buffer).setUint32(20, 5);
    expect(await maskIn(png)).toBeNull();
  });

  test.each([
    ["grey of 1 bit", pngOf({ colourType: 0, depth: 1 }, [1], [0])],
    ["grey of 2 bits", pngOf({ colourType: 0, depth: 2 }, [2], [1])],
    ["grey of 4 bits", pngOf({ colourType: 0, depth: 4 }, [8], [7])],
    ["grey of 8 bits", pngOf({ colourType: 0, depth: 8 }, [128], [127])],
    ["grey of 16 bits", pngOf({ colourType: 0, depth: 16 }, [0x8000], [0x7fff])],
    ["RGB", pngOf({ colourType: 2, depth: 8 }, [0, 255, 0], [255, 0, 0])],
    ["a palette", pngOf({ colourType: 3, depth: 1, chunks: [palette(0, 0, 0, 255, 255, 255)] }, [1], [0])],
    ["opaque RGBA", pngOf({ colourType: 6, depth: 8 }, [255, 255, 255, 255], [0, 0, 0, 255])],
  ])("takes bright pixels of %s as set", async (_, png) => {
    expect(await maskIn(png)).toEqual(MASK);
  });

  test.each([
    ["grey with alpha", pngOf({ colourType: 4, depth: 8 }, [0, 255], [255, 0])],
    ["RGBA", pngOf({ colourType: 6, depth: 8 }, [0, 0, 0, 128], [255, 255, 255, 127])],
    [
      "a palette with tRNS",
      pngOf(
        { colourType: 3, depth: 1, chunks: [palette(255, 255, 255, 0, 0, 0), ["tRNS", Uint8Array.of(0)]] },
        [1],
        [0],
      ),
    ],
  ])("takes opaque pixels as set when %s has transparent ones", async (_, png) => {
    expect(await maskIn(png)).toEqual(MASK);
  });

  test.each([
    ["the bytes are no PNG", new TextEncoder().encode("GIF89a")],
    ["it is interlaced", pngOf({ colourType: 0, depth: 8, interlaced: true }, [255], [0])],
    ["its data is cut off", pngOf({ colourType: 0, depth: 8 }, [255], [0]).subarray(0, -20)],
  ])("returns null when %s", async (_, png) => {
    expect(await maskIn(png)).toBeNull();
  });

  test("returns null when the header claims more pixels than a picture may have", async () => {
    const png = pngOf({ colourType: 0, depth: 8 }, [255], [0]);
    new DataView(png.buffer).setUint32(16, 50_000);
    new DataView(png.buffer).setUint32(20, 50_000);
    expect(await maskIn(png)).toBeNull();
  });

  test("returns null when a PNG has more edges than a mask can have", async () => {
    const png = (every: number) => {
      const pixels = Uint8Array.from({ length: 2048 * 2048 }, (_, index) => (Math.floor(index / every) % 2) * 255);
      return sharp(pixels, { raw: { width: 2048, height: 2048, channels: 1 } })
        .png()
        .toBuffer();
    };
    expect(await maskIn(await png(1))).toBeNull();
    expect(await maskIn(await png(16))).toMatchObject({ size: [2048, 2048] });
  });
});

describe("a PNG that costs more than a mask", () => {
  /** The PNG with its pixels in so many chunks. */
  const inChunks = async (count: number) => {
    const png = encodeMaskPng(SQUARE);
    const [start, end] = [8 + 25, png.length - 12];
    const pixels = png.subarray(start + 8, end - 4);
    const pieces = Array.from({ length: count }, (_, index) => pngChunk("IDAT", pixels.subarray(index, index + 1)));
    return concat([png.subarray(0, start), ...pieces, pngChunk("IDAT", pixels.subarray(count)), png.subarray(end)]);
  };

  test("is read from many chunks, and returns null when it has more than a file of a mask has", async () => {
    expect(await maskIn(await inChunks(10))).toEqual(SQUARE);
    expect(await maskIn(await inChunks(LIMITS.pictureParts))).toBeNull();
  });

  test("returns null when it is larger than its picture can be, or wider than any picture", async () => {
    expect(await readMaskPicture(encodeMaskPng(SQUARE), 59)).toBeNull();
    expect(await readMaskPicture(encodeMaskPng(SQUARE), 60)).toMatchObject({ mask: SQUARE });
    const wide = encodeRle(new Uint8Array(70_000).fill(1), { width: 70_000, height: 1 });
    expect(await maskIn(encodeMaskPng(wide))).toBeNull();
  });

  test("returns null when its few rows are too many runs of columns", async () => {
    const size = { width: 1_000, height: 1_000 };
    expect(await maskIn(await greyPng(size, (_, y) => (y % 2) * 255))).toBeNull();
    expect(await maskIn(await greyPng(size, (_, y) => (y % 100) * 2))).toMatchObject({ size: [1_000, 1_000] });
  });
});

describe("readMaskPicture", () => {
  test.each([
    ["0 when every pixel is black or white", (set: number) => [set ? 250 : 5], 0],
    ["1 when every pixel is grey", () => [128], 1],
  ])("returns a share of doubtful pixels of %s", async (_, samplesOf, doubtful) => {
    expect(await readMaskPicture(await sharpPng(SQUARE, 1, samplesOf))).toMatchObject({ doubtful });
  });

  test.each([
    [0, 255, 0],
    [31, 224, 0],
    [32, 255, 1 - 5 / 15],
    [128, 127, 1],
  ])("measures the share of doubtful pixels between %i and %i: %f", async (unset, set, doubtful) => {
    const picture = await readMaskPicture(pngOf({ colourType: 0, depth: 8 }, [set], [unset]));
    expect(picture?.doubtful).toBeCloseTo(doubtful);
  });
});
