import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { PictureStore } from "../../../functions/pictures.ts";
import { cropAround, cropPixels } from "../../../functions/segmentation/crop.ts";

const photo = new URL("../../../examples/photos/rocket.jpg", import.meta.url);

/** The rocket's photo with a long side of `side`, and the crop around the rocket. */
async function rocketAt(side: number) {
  const bytes = await sharp(photo.pathname).resize(side).png().toBuffer();
  const picture = await new PictureStore().open(`data:image/png;base64,${bytes.toString("base64")}`);
  const scale = side / 640;
  const box = { xmin: 308 * scale, ymin: 127 * scale, xmax: 335 * scale, ymax: 407 * scale };
  return { picture, crop: cropAround(picture, box, 0.15, 256, 16) };
}

describe("cropAround and cropPixels", () => {
  test("give a large photo and its small copy the same grid, and nearly the same pixels", async () => {
    const [small, large] = [await rocketAt(1_024), await rocketAt(2_048)];
    expect([large.crop.width, large.crop.height]).toEqual([small.crop.width, small.crop.height]);
    const [a, b] = [await cropPixels(small.picture, small.crop), await cropPixels(large.picture, large.crop)];
    const difference = a.data.reduce((sum, value, index) => sum + Math.abs(value - (b.data[index] ?? 0)), 0);
    expect(difference / a.data.length).toBeLessThan(2);
  });

  test("keep the pixels of a picture that is smaller than the working size", async () => {
    const { picture, crop } = await rocketAt(640);
    const direct = await picture.resized(crop.width, crop.height, crop.box);
    expect(await cropPixels(picture, crop)).toEqual(direct);
  });
});
