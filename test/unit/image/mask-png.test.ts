import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { encodeMaskPng } from "../../../src/image/mask-png.ts";
import { encodeRle } from "../../support/rle.ts";

const decoded = async (png: Uint8Array) => {
  const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, set: Array.from(data, (value) => (value > 127 ? 1 : 0)) };
};

test("encodeMaskPng writes the mask with one channel and one bit per pixel", async () => {
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
      const png = encodeMaskPng(encodeRle(set, { width, height }));
      expect(await decoded(png)).toEqual({ width, height, set });
      expect([png[24], png[25]]).toEqual([1, 0]);
    }),
    { numRuns: 40 },
  );
});

test("encodeMaskPng writes a few kilobytes for a mask of 12 megapixels", async () => {
  const [width, height] = [4032, 3024];
  const set = new Uint8Array(width * height);
  for (let y = 500; y < 2500; y++) set.fill(1, y * width + 1000, y * width + 3000);
  const png = encodeMaskPng(encodeRle(set, { width, height }));
  expect(png.length).toBeLessThan(20_000);
  expect(await sharp(png).metadata()).toMatchObject({ width, height, channels: 1 });
});
