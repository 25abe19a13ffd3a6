import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { encodeMaskPng } from "../../../src/image/mask-png.ts";
import { readMaskPicture } from "../../../src/image/read-mask-png.ts";
import { type HandPng, handPng } from "../../support/picture-forms.ts";
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
  test("reads what encodeMaskPng wrote, for any mask", async () => {
    const mask = fc
      .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 20 }) })
      .chain((size) =>
        fc
          .array(fc.constantFrom(0, 1), { minLength: size.width * size.height, maxLength: size.width * size.height })
          .map((set) => encodeRle(set, size)),
      );
    await fc.assert(
      fc.asyncProperty(mask, async (rle) => {
        expect(await maskIn(encodeMaskPng(rle))).toEqual(rle);
      }),
      { numRuns: 40 },
    );
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

describe("readMaskPicture", () => {
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
