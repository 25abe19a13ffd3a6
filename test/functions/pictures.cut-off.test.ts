import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { loadPicture } from "../../functions/picture/index.ts";
import { PictureStore } from "../../functions/pictures.ts";
import { runContext } from "../support/run-context.ts";
import { dataUrl } from "./turned-drawing.ts";

/** Noise over red: what of it came differs from what decoders fill in. */
const SIZE = { width: 120, height: 90 };
let state = 1;
const noise = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state >>> 25;
};
const raw = Uint8Array.from({ length: SIZE.width * SIZE.height * 3 }, (_, index) => (index % 3 === 0 ? 200 : noise()));
const drawing = sharp(raw, { raw: { ...SIZE, channels: 3 } });
const JPEG = await drawing.clone().jpeg().toBuffer();
const PROGRESSIVE = await drawing.clone().jpeg({ progressive: true }).toBuffer();
const PNG = await drawing.clone().png({ compressionLevel: 1 }).toBuffer();
const WEBP = await drawing.clone().webp().toBuffer();

const stage = await loadPicture();
const turn = (bytes: Buffer) => stage.run({ image: dataUrl(bytes), max_side: 2048 }, runContext());
const open = (bytes: Buffer) => new PictureStore().open(dataUrl(bytes));

/** Mean red of the first rows: 200 where they decoded. */
const topRed = (data: Uint8Array) => {
  const reds = data.subarray(0, SIZE.width * 3 * 8).filter((_, index) => index % 3 === 0);
  return reds.reduce((sum, red) => sum + red, 0) / reds.length;
};

function damaged(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x55;
  return copy;
}

describe("a picture that is cut off or damaged shows what decodes of it", () => {
  test.each([
    ["a JPEG without its end marker", JPEG.subarray(0, -2)],
    ["half a JPEG", JPEG.subarray(0, JPEG.length / 2)],
    ["most of a progressive JPEG", PROGRESSIVE.subarray(0, PROGRESSIVE.length * 0.9)],
    ["a PNG without IEND", PNG.subarray(0, -12)],
    ["two thirds of a PNG", PNG.subarray(0, (PNG.length * 2) / 3)],
    ["a PNG whose last pixels have a wrong checksum", damaged(PNG, PNG.length - 14)],
  ])("when it is %s", async (_, bytes) => {
    const opened = await open(bytes);
    expect(opened).toMatchObject(SIZE);
    expect(topRed(opened.pixels.data)).toBeGreaterThan(180);
    const { image, width, height } = await turn(bytes);
    expect({ width, height }).toEqual(SIZE);
    const jpeg = Buffer.from(image.slice(image.indexOf(",") + 1), "base64");
    expect(topRed(await sharp(jpeg).raw().toBuffer())).toBeGreaterThan(180);
  });

  test.each([
    ["the header of a JPEG", JPEG.subarray(0, JPEG.indexOf(Buffer.from([0xff, 0xda])))],
    ["the header of a PNG", PNG.subarray(0, 45)],
    ["half a WebP, which libwebp does not decode in part", WEBP.subarray(0, WEBP.length / 2)],
  ])("fails with invalid_picture when it is %s", async (_, bytes) => {
    await expect(open(bytes)).rejects.toThrow(/^invalid_picture: /);
    await expect(turn(bytes)).rejects.toThrow(/^invalid_picture: /);
  });
});
