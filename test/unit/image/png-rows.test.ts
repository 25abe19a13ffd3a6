import { deflateSync } from "node:zlib";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test, vi } from "vitest";
import { concat, dataOf, pngChunks } from "../../../src/image/bytes.ts";
import { pngRows, type RowFormat } from "../../../src/image/png-rows.ts";

const GREY = { width: 3, height: 2, bits: 8 };

async function rowsOf(packed: Uint8Array, format: RowFormat): Promise<number[][]> {
  const rows: number[][] = [];
  for await (const row of pngRows(packed, format)) rows.push([...row]);
  return rows;
}

describe("pngRows", () => {
  // libpng, behind sharp, chooses a filter for each row.
  test("returns the rows that sharp decodes, whatever the filters", async () => {
    const picture = fc
      .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 20 }) })
      .chain(({ width, height }) =>
        fc.record({
          width: fc.constant(width),
          height: fc.constant(height),
          pixels: fc.uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 }),
        }),
      );
    await fc.assert(
      fc.asyncProperty(picture, async ({ width, height, pixels }) => {
        const png = await sharp(pixels, { raw: { width, height, channels: 3 } })
          .png({ adaptiveFiltering: true })
          .toBuffer();
        const chunks = [...pngChunks(png)].filter(({ type }) => type === "IDAT");
        const packed = concat(chunks.map((chunk) => dataOf(png, chunk)));
        expect((await rowsOf(packed, { width, height, bits: 24 })).flat()).toEqual([...pixels]);
      }),
      { numRuns: 40 },
    );
  });

  // Worked by hand from the PNG specification, 9.2. The row before is 10 20 30.
  test.each([
    ["None", 0, [1, 2, 3], [1, 2, 3]],
    ["Sub", 1, [1, 2, 3], [1, 3, 6]],
    ["Up", 2, [1, 2, 250], [11, 22, 24]],
    ["Average", 3, [1, 2, 3], [6, 15, 25]],
    ["Paeth", 4, [1, 2, 3], [11, 22, 33]],
  ])("undoes the filter %s", async (_, filter, filtered, expected) => {
    const packed = deflateSync(Uint8Array.of(0, 10, 20, 30, filter, ...filtered));
    expect(await rowsOf(packed, GREY)).toEqual([[10, 20, 30], expected]);
  });

  test("returns rows of bits, padded to whole bytes", async () => {
    const packed = deflateSync(Uint8Array.of(0, 0b10100000, 0b10000000));
    expect(await rowsOf(packed, { width: 9, height: 1, bits: 1 })).toEqual([[0b10100000, 0b10000000]]);
  });

  test.each([
    ["the data has too few rows", deflateSync(Uint8Array.of(0, 1, 2, 3))],
    ["the data has too many rows", deflateSync(new Uint8Array(12))],
    ["a filter type is unknown", deflateSync(Uint8Array.of(0, 1, 2, 3, 5, 1, 2, 3))],
    ["the data is cut off", deflateSync(new Uint8Array(8)).subarray(0, 6)],
    ["the data is not deflated", new Uint8Array(20)],
  ])("throws when %s", async (_, packed) => {
    await expect(rowsOf(packed, GREY)).rejects.toThrow();
  });
});

test("pngRows decompresses a few kilobytes at a time, because workerd decompresses all that it is given", async () => {
  const given: number[] = [];
  class Recording extends TransformStream<Uint8Array, Uint8Array> {
    constructor() {
      super({ transform: ({ length }) => void given.push(length) });
    }
  }
  vi.stubGlobal("DecompressionStream", Recording);
  const rows = rowsOf(new Uint8Array(100_000), { width: 1, height: 1, bits: 8 });
  await rows.catch(() => undefined).finally(() => vi.unstubAllGlobals());
  expect(given.reduce((sum, length) => sum + length)).toBe(100_000);
  expect(Math.max(...given)).toBeLessThanOrEqual(4_096);
});
