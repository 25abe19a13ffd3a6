import sharp from "sharp";
import { expect, test } from "vitest";
import { loadPicture } from "../../../functions/picture/index.ts";
import { runContext } from "../../support/run-context.ts";
import { dataUrl, shareOfWrongValues, turnedDrawing, UPRIGHT } from "../turned-drawing.ts";

const picture = await loadPicture();
const context = runContext();
const run = (image: string, max_side = 2048) => picture.run({ image, max_side }, context);
const decode = (url: string) => sharp(Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "turns the picture upright and drops the tag when its orientation is %i",
  async (tag) => {
    const output = await run(dataUrl(await turnedDrawing(tag)));
    expect(output).toMatchObject({ width: 60, height: 40, original: { width: 60, height: 40 } });
    expect((await decode(output.image).metadata()).orientation).toBeUndefined();
    expect(await shareOfWrongValues(await decode(output.image).raw().toBuffer())).toBeLessThan(0.05);
  },
);

test("turns and shrinks a phone photo of 12 megapixels to 2,048 when it lies on its side", async () => {
  const photo = await sharp({ create: { width: 4032, height: 3024, channels: 3, background: "#808080" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  expect(await run(dataUrl(photo))).toMatchObject({
    width: 1536,
    height: 2048,
    original: { width: 3024, height: 4032 },
  });
});

test("never enlarges, and shrinks to max_side", async () => {
  expect(await run(dataUrl(UPRIGHT, "png"), 2048)).toMatchObject({ width: 60, height: 40 });
  expect(await run(dataUrl(UPRIGHT, "png"), 30)).toMatchObject({
    width: 30,
    height: 20,
    original: { width: 60, height: 40 },
  });
});

test.each([
  ["CMYK JPEG", () => sharp(UPRIGHT).toColourspace("cmyk").jpeg().toBuffer()],
  ["16-bit PNG", () => sharp(UPRIGHT).toColourspace("rgb16").png().toBuffer()],
  [
    "transparent WebP",
    () =>
      sharp({ create: { width: 60, height: 40, channels: 4, background: "#00000000" } })
        .webp()
        .toBuffer(),
  ],
  ["greyscale PNG", () => sharp(UPRIGHT).greyscale().png().toBuffer()],
  [
    "1 × 1",
    () =>
      sharp({ create: { width: 1, height: 1, channels: 3, background: "#123456" } })
        .png()
        .toBuffer(),
  ],
])("gives an 8-bit RGB JPEG when the picture is a %s", async (_, make) => {
  const output = await run(dataUrl(await make(), "any"));
  expect(await decode(output.image).metadata()).toMatchObject({
    format: "jpeg",
    space: "srgb",
    channels: 3,
    depth: "uchar",
  });
});

test("gives the first frame when the picture is an animated WebP", async () => {
  const frames = await sharp(
    await Promise.all(
      ["#ff0000", "#0000ff"].map((background) =>
        sharp({ create: { width: 20, height: 20, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    ),
    { join: { animated: true } },
  )
    .webp({ lossless: true })
    .toBuffer();
  const output = await run(dataUrl(frames, "webp"));
  expect(output).toMatchObject({ width: 20, height: 20 });
  const { dominant } = await decode(output.image).stats();
  expect(dominant.r).toBeGreaterThan(200);
  expect(dominant.b).toBeLessThan(50);
});

test.each([
  ["nothing", "data:image/png;base64,", /^invalid_picture/],
  ["another kind of data URL", "data:text/plain,hello", /^invalid_picture/],
  ["a text", dataUrl(Buffer.from("hello")), /^invalid_picture/],
  ["a cut-off picture", dataUrl(UPRIGHT.subarray(0, UPRIGHT.length / 2), "png"), /^invalid_picture/],
  [
    "an SVG",
    dataUrl(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')),
    /^invalid_picture/,
  ],
])("fails with invalid_picture when given %s", async (_, image, message) => {
  await expect(run(image)).rejects.toThrow(message);
});

test("fails when the header claims more than 25 megapixels", async () => {
  const claims = Buffer.from(UPRIGHT);
  claims.writeUInt32BE(60_000, 16);
  claims.writeUInt32BE(60_000, 20);
  await expect(run(dataUrl(claims, "png"))).rejects.toThrow(/^(picture_too_many_pixels|invalid_picture)/);
});
