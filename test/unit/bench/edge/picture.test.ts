import sharp from "sharp";
import { expect, test } from "vitest";
import { jpegOf } from "../../../../bench/edge/picture.ts";

test.each([10_000, 50_000])("makes a JPEG of nearly %i bytes", async (bytes) => {
  const jpeg = await jpegOf(bytes);
  expect(jpeg.length).toBeLessThanOrEqual(bytes);
  expect(jpeg.length).toBeGreaterThan(0.85 * bytes);
  expect((await sharp(jpeg).metadata()).format).toBe("jpeg");
});
