import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { encodeRle } from "../../../schemas/rle.ts";
import { toDataUrl } from "../../../src/image/data-url.ts";
import { encodeMaskPng } from "../../../src/image/mask-png.ts";
import { readMaskPng } from "../../../src/image/read-mask-png.ts";

const decoded = async (png: Uint8Array) => {
  const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, set: Array.from(data, (value) => (value > 127 ? 1 : 0)) };
};

test("a mask as PNG is the mask: one channel, one bit a pixel", async () => {
  const bitmap = fc
    .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 20 }) })
    .chain(({ width, height }) =>
      fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        set: fc.array(fc.constantFrom(0, 1), { minLength: width * height, maxLength: width * height }),
      }),
    );
  await fc.assert(
    fc.asyncProperty(bitmap, async ({ width, height, set }) => {
      const png = await encodeMaskPng(encodeRle(set, { width, height }));
      expect(await decoded(png)).toEqual({ width, height, set });
      expect([png[24], png[25]]).toEqual([1, 0]);
    }),
    { numRuns: 40 },
  );
});

test("a mask of 12 megapixels becomes a few kilobytes", async () => {
  const [width, height] = [4032, 3024];
  const set = new Uint8Array(width * height);
  for (let y = 500; y < 2500; y++) set.fill(1, y * width + 1000, y * width + 3000);
  const png = await encodeMaskPng(encodeRle(set, { width, height }));
  expect(png.length).toBeLessThan(20_000);
  expect(await sharp(png).metadata()).toMatchObject({ width, height, channels: 1 });
});

test("a PNG of more edges than a mask can have is none, before they fill the memory", async () => {
  const png = (every: number) => {
    const pixels = Uint8Array.from({ length: 2048 * 2048 }, (_, index) => (Math.floor(index / every) % 2) * 255);
    return sharp(pixels, { raw: { width: 2048, height: 2048, channels: 1 } })
      .png()
      .toBuffer();
  };
  expect(await readMaskPng(await png(1))).toBeNull();
  expect(await readMaskPng(await png(16))).toMatchObject({ size: [2048, 2048] });
});

test("a data URL holds the bytes, of any number", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.constantFrom(0, 24_574, 24_575, 24_576, 24_577, 49_153),
      (start, more) => {
        const bytes = new Uint8Array(more + start.length);
        bytes.set(start);
        bytes.set(start, more);
        expect(toDataUrl(bytes, "image/png")).toBe(`data:image/png;base64,${Buffer.from(bytes).toString("base64")}`);
      },
    ),
    { numRuns: 60 },
  );
});
