import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { largestPicture, noisePng } from "../../../../bench/memory/largest-picture.ts";

const flat = () =>
  sharp({ create: { width: 32, height: 32, channels: 3, background: "#807060" } })
    .png()
    .toBuffer();

describe("largestPicture", () => {
  it("has the most pixels, and nearly the most bytes", async () => {
    const jpeg = await largestPicture(await flat(), 250_000, 100_000);
    const { format, width, height } = await sharp(jpeg).metadata();
    expect([format, width, height]).toEqual(["jpeg", 500, 500]);
    expect(jpeg.length).toBeLessThanOrEqual(100_000);
    expect(jpeg.length).toBeGreaterThanOrEqual(95_000);
  });

  it("throws when no noise makes the picture that large", async () => {
    await expect(largestPicture(await flat(), 100, 1_000_000)).rejects.toThrow(/has only \d+ bytes/);
  });
});

it("noisePng has nearly as many bytes as it may", async () => {
  const png = await noisePng(100_000);
  expect((await sharp(png).metadata()).format).toBe("png");
  expect(png.length).toBeLessThanOrEqual(100_000);
  expect(png.length).toBeGreaterThanOrEqual(95_000);
});
