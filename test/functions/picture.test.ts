import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { loadPicture } from "../../functions/picture/index.ts";
import { PictureStore } from "../../functions/pictures.ts";

const picture = await loadPicture();
const context = { signal: new AbortController().signal };
const dataUrl = (bytes: Buffer, type = "jpeg") => `data:image/${type};base64,${bytes.toString("base64")}`;
const run = (image: string, max_side = 2048) => picture.run({ image, max_side }, context);
const decode = (url: string) => sharp(Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));

/** Red left, blue right, green along the top: every turn and mirror of it differs from every other. */
const drawing = sharp({ create: { width: 60, height: 40, channels: 3, background: "#ff0000" } }).composite([
  { input: { create: { width: 30, height: 40, channels: 3, background: "#0000ff" } }, left: 30, top: 0 },
  { input: { create: { width: 60, height: 10, channels: 3, background: "#00ff00" } }, left: 0, top: 0 },
]);
const upright = await drawing.png().toBuffer();

/** How to store the drawing so that an orientation tag turns it back. */
const STORED: Record<number, (image: Sharp) => Sharp> = {
  1: (image) => image,
  2: (image) => image.flop(),
  3: (image) => image.rotate(180),
  4: (image) => image.flip(),
  5: (image) => image.rotate(270).flop(),
  6: (image) => image.rotate(270),
  7: (image) => image.rotate(90).flop(),
  8: (image) => image.rotate(90),
};

describe.each([1, 2, 3, 4, 5, 6, 7, 8])("orientation %i", (orientation) => {
  const stored = async () => {
    const turned = await (STORED[orientation] as (image: Sharp) => Sharp)(sharp(upright)).png().toBuffer();
    return sharp(turned).withMetadata({ orientation }).jpeg({ quality: 100, chromaSubsampling: "4:4:4" }).toBuffer();
  };
  const expected = sharp(upright).removeAlpha().raw().toBuffer();
  const differs = async (pixels: Uint8Array) => {
    const wanted = await expected;
    return wanted.filter((value, index) => Math.abs(value - (pixels[index] ?? -999)) > 40).length / wanted.length;
  };

  test("the picture stage turns it upright and forgets the tag", async () => {
    const output = await run(dataUrl(await stored()));
    expect(output).toMatchObject({ width: 60, height: 40, original: { width: 60, height: 40 } });
    expect((await decode(output.image).metadata()).orientation).toBeUndefined();
    expect(await differs(await decode(output.image).raw().toBuffer())).toBeLessThan(0.05);
  });

  test("every other stage sees it upright too", async () => {
    const opened = await new PictureStore().open(dataUrl(await stored()));
    expect([opened.width, opened.height]).toEqual([60, 40]);
    expect(await differs(opened.pixels.data)).toBeLessThan(0.05);
  });
});

test("a phone photo of 12 megapixels lying on its side comes out upright at 2,048", async () => {
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

test("a small picture is not enlarged, a smaller side is kept", async () => {
  expect(await run(dataUrl(upright, "png"), 2048)).toMatchObject({ width: 60, height: 40 });
  expect(await run(dataUrl(upright, "png"), 30)).toMatchObject({
    width: 30,
    height: 20,
    original: { width: 60, height: 40 },
  });
});

test.each([
  ["CMYK JPEG", () => sharp(upright).toColourspace("cmyk").jpeg().toBuffer()],
  ["16-bit PNG", () => sharp(upright).toColourspace("rgb16").png().toBuffer()],
  [
    "transparent WebP",
    () =>
      sharp({ create: { width: 60, height: 40, channels: 4, background: "#00000000" } })
        .webp()
        .toBuffer(),
  ],
  ["greyscale PNG", () => sharp(upright).greyscale().png().toBuffer()],
  [
    "1 × 1",
    () =>
      sharp({ create: { width: 1, height: 1, channels: 3, background: "#123456" } })
        .png()
        .toBuffer(),
  ],
])("%s becomes an 8-bit RGB JPEG", async (_, make) => {
  const output = await run(dataUrl(await make(), "any"));
  expect(await decode(output.image).metadata()).toMatchObject({
    format: "jpeg",
    space: "srgb",
    channels: 3,
    depth: "uchar",
  });
});

test("an animated WebP gives its first frame", async () => {
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
  ["a cut-off picture", dataUrl(upright.subarray(0, upright.length / 2), "png"), /^invalid_picture/],
  [
    "an SVG",
    dataUrl(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')),
    /^invalid_picture/,
  ],
])("%s is refused by name", async (_, image, message) => {
  await expect(run(image)).rejects.toThrow(message);
});

test("a header that claims more than 25 megapixels is refused before anything decodes", async () => {
  const claims = Buffer.from(upright);
  claims.writeUInt32BE(60_000, 16);
  claims.writeUInt32BE(60_000, 20);
  await expect(run(dataUrl(claims, "png"))).rejects.toThrow(/^(picture_too_many_pixels|invalid_picture)/);
});

test("a picture is decoded once, its features are computed once, and an old one is forgotten when the bound is reached", async () => {
  const store = new PictureStore(60 * 40 * 3);
  const [a, b] = [dataUrl(upright, "png"), dataUrl(await sharp(upright).negate().png().toBuffer(), "png")];
  const first = await store.open(a);
  expect(await store.open(a)).toBe(first);
  let computed = 0;
  const feature = () => first.feature("model", async () => ++computed);
  expect(await Promise.all([feature(), feature()])).toEqual([1, 1]);
  await store.open(b);
  expect(await store.open(a)).not.toBe(first);
});

test("a feature that failed is computed again", async () => {
  const opened = await new PictureStore().open(dataUrl(upright, "png"));
  await expect(opened.feature("model", () => Promise.reject(new Error("busy")))).rejects.toThrow("busy");
  expect(await opened.feature("model", async () => "ready")).toBe("ready");
});
