import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { loadObjectDetector } from "../../functions/detect/objects.ts";
import { loadTextReader } from "../../functions/detect/text.ts";
import { loadPicture } from "../../functions/picture/index.ts";
import { PictureStore } from "../../functions/pictures.ts";
import { boxIou } from "../../schemas/geometry.ts";
import type { Box } from "../../schemas/primitives.ts";
import { ARITHMETIC, flatJpeg } from "../support/jpeg.ts";
import {
  animatedWebp,
  BLOCKS,
  blockColour,
  drawBlocks,
  FORMS,
  handPng,
  type PictureForm,
} from "../support/picture-forms.ts";
import { runContext } from "../support/run-context.ts";
import { goldBox, pictureOf } from "./examples.ts";

type Colour = (x: number, y: number) => readonly number[];
interface Shown {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const stage = await loadPicture();
const dataUrl = (bytes: Uint8Array) => `data:image/any;base64,${Buffer.from(bytes).toString("base64")}`;
const bytesOf = (url: string) => Buffer.from(url.slice(url.indexOf(",") + 1), "base64");

/** The picture stage's output, and the pixels that every other stage's models get. */
async function shownBy(bytes: Uint8Array): Promise<Shown[]> {
  const { image } = await stage.run({ image: dataUrl(bytes), max_side: 2048 }, runContext());
  const { data, info } = await sharp(bytesOf(image)).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(3);
  const { pixels } = await new PictureStore().open(dataUrl(bytes));
  return [{ data, width: info.width, height: info.height }, pixels];
}

/**
 * Expect the drawn colour in the middle of every block of eight pixels, within the tolerance of the form.
 */
function expectColours(
  pictures: readonly Shown[],
  size: { width: number; height: number },
  colour: Colour,
  tolerance: number,
): void {
  for (const { data, width, height } of pictures) {
    expect({ width, height }).toEqual(size);
    expect(data.length).toBe(width * height * 3);
    for (let y = 3; y < height; y += 8) {
      for (let x = 3; x < width; x += 8) {
        const found = [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
        const off = Math.max(...found.map((value, channel) => Math.abs(value - (colour(x, y)[channel] ?? Number.NaN))));
        expect(off, `${found} at ${x}, ${y} in place of ${colour(x, y)}`).toBeLessThanOrEqual(tolerance);
      }
    }
  }
}

const greyOf = ([red = 0, green = 0, blue = 0]: readonly number[]) =>
  Array(3).fill(0.2126 * red + 0.7152 * green + 0.0722 * blue);
const expectedOf = ({ grey, name }: PictureForm): Colour => {
  const alpha = name.includes("with alpha") ? 0.98 : 1;
  return (x, y) =>
    grey ? greyOf(blockColour(x, y)) : blockColour(x, y).map((value) => value * alpha + 255 * (1 - alpha));
};

test.each(FORMS)("shows what was drawn when the form is $name", async (form) => {
  const bytes = await form.encode(drawBlocks()).toBuffer();
  // Formats differ in the grey of a colour, and the stage's own JPEG adds a small error.
  expectColours(await shownBy(bytes), BLOCKS, expectedOf(form), form.tolerance + (form.grey ? 25 : 4));
});

test("shows the first frame when the form is an animated WebP", async () => {
  expectColours(await shownBy(await animatedWebp(drawBlocks())), BLOCKS, blockColour, 4);
});

describe("a JPEG that sharp cannot write", () => {
  const flat = { width: 8, height: 8 };
  test.each([
    ["extended sequential", { frame: 0xc1, levels: [200] }, [200, 200, 200], 2],
    ["of three channels", { levels: [200, 100, 160] }, [245, 187, 150], 3],
    // Adobe stores inks inverted: 200, 100, 160 and no black; as YCCK the first three are the inverse of the colour
    // above.
    ["CMYK", { levels: [200, 100, 160, 255], adobe: 0 }, [200, 100, 160], 45],
    ["YCCK", { levels: [200, 100, 160, 255], adobe: 2 }, [10, 68, 105], 45],
  ] as const)("shows its colour when it is %s", async (_, form, colour, tolerance) => {
    expectColours(await shownBy(flatJpeg(form)), flat, () => colour, tolerance);
  });

  test.each([
    ["lossless", flatJpeg({ frame: 0xc3 }), flat, () => [128, 128, 128]],
    [
      "arithmetic-coded",
      ARITHMETIC[0] as Uint8Array,
      { width: 16, height: 16 },
      (x: number, y: number) => [x * 16, y * 16, 128],
    ],
    [
      "progressive arithmetic-coded",
      ARITHMETIC[1] as Uint8Array,
      { width: 16, height: 16 },
      (x: number, y: number) => [x * 16, y * 16, 128],
    ],
  ] as const)("shows its colours when it is %s, which the Worker refuses", async (_, bytes, size, colour) => {
    expectColours(await shownBy(bytes), size, colour, 16);
  });

  test.each([
    ["of 12 bits", flatJpeg({ frame: 0xc1, precision: 12 })],
    ["of 16 bits", flatJpeg({ frame: 0xc3, precision: 16 })],
    ["hierarchical", flatJpeg({ frame: 0xc5 })],
    ["JPEG-LS", flatJpeg({ frame: 0xf7 })],
    ["whose height comes later", flatJpeg({ height: 0 })],
    ["of two channels", flatJpeg({ levels: [10, 200] })],
  ])("fails with invalid_picture when it is %s", async (_, bytes) => {
    await expect(stage.run({ image: dataUrl(bytes), max_side: 2048 }, runContext())).rejects.toThrow(
      /^invalid_picture: /,
    );
    await expect(new PictureStore().open(dataUrl(bytes))).rejects.toThrow(/^invalid_picture: /);
  });
});

const PNG_FORMS = (
  [
    [0, [1, 2, 4, 8, 16]],
    [2, [8, 16]],
    [3, [1, 2, 4, 8]],
    [4, [8, 16]],
    [6, [8, 16]],
  ] as const
).flatMap(([colourType, depths]) =>
  depths.flatMap((depth) =>
    [false, true].flatMap((interlaced) =>
      [false, true].map((transparent) => ({ colourType, depth, interlaced, transparent })),
    ),
  ),
);

describe("a PNG shows what was drawn", () => {
  // Neither side is a multiple of eight: Adam7's passes end unevenly.
  const size = { width: 61, height: 43 };
  const column = (x: number) => x >> 3;

  test.each(PNG_FORMS)(
    "when it has type $colourType, $depth bits, interlaced $interlaced, transparent $transparent",
    async (form) => {
      const { colourType, depth, transparent } = form;
      const top = 2 ** depth - 1;
      const level = (x: number, y: number) => Math.round(((column(x) + (y >> 3)) / 12) * top);
      // With transparency, the left half is transparent: white replaces it.
      const isTransparent = (x: number) => transparent && x < 32;
      const red = (x: number, y: number) => (colourType === 2 && isTransparent(x) ? 0 : Math.max(1, level(x, y)));
      const indexed = (x: number, y: number) => (level(x, y) % Math.min(2 ** depth, 16)) as number;
      const palette = Uint8Array.from({ length: Math.min(2 ** depth, 16) * 3 }, (_, at) =>
        at % 3 === 2 ? 30 : 60 + Math.floor(at / 3) * 12,
      );
      const sample = (x: number, y: number): number[] => {
        if (colourType === 0) return [transparent && isTransparent(x) ? 0 : Math.max(1, level(x, y))];
        if (colourType === 3) return [indexed(x, y)];
        const alpha = isTransparent(x) ? 0 : top;
        if (colourType === 4) return [level(x, y), alpha];
        const colour = [
          red(x, y),
          colourType === 2 && isTransparent(x) ? 0 : top - level(x, y),
          colourType === 2 && isTransparent(x) ? 0 : Math.floor(top / 3),
        ];
        return colourType === 6 ? [...colour, alpha] : colour;
      };
      const colour: Colour = (x, y) => {
        if (colourType === 3) {
          const index = indexed(x, y);
          return transparent && index === 0 ? [255, 255, 255] : [...palette.subarray(index * 3, index * 3 + 3)];
        }
        if (isTransparent(x)) return [255, 255, 255];
        const stored = sample(x, y).map((value) => (value / top) * 255);
        return colourType === 0 || colourType === 4 ? Array(3).fill(stored[0]) : stored.slice(0, 3);
      };
      // tRNS: the one transparent level or colour (16 bits per value), or the palette's alpha values.
      const key = colourType === 3 ? Uint8Array.of(0) : new Uint8Array(colourType === 0 ? 2 : 6);
      const chunks = [
        ...(colourType === 3 ? [["PLTE", palette] as const] : []),
        ...(transparent && [0, 2, 3].includes(colourType) ? [["tRNS", key] as const] : []),
      ];
      const bytes = handPng({ ...size, ...form, sample, chunks });
      expectColours(await shownBy(bytes), size, colour, 8);
    },
  );
});

describe("the detectors find the same", async () => {
  const objects = await loadObjectDetector();
  const text = await loadTextReader();
  const photo = sharp(bytesOf(pictureOf("astronaut"))).removeAlpha();
  const poster = sharp(bytesOf(pictureOf("lineup"))).removeAlpha();
  const encoded = async (form: PictureForm | "animation", image: Sharp) =>
    new PictureStore().open(
      dataUrl(form === "animation" ? await animatedWebp(image.clone()) : await form.encode(image.clone()).toBuffer()),
    );
  const forms = [...FORMS.map((form) => [form.name, form] as const), ["animated WebP", "animation"] as const];

  test.each(forms)("person and printed name when the form is %s", async (_, form) => {
    const [person] = (await objects.detect(await encoded(form, photo))).objects;
    expect(person?.label).toBe("person");
    expect(boxIou(person?.box as Box, goldBox("astronaut", "Eileen Collins"))).toBeGreaterThanOrEqual(0.7);
    const { lines } = await text.detect(await encoded(form, poster));
    expect(lines.map(({ text }) => text.replaceAll(" ", "")).join(" ")).toMatch(/NORTHWIND/);
  });
});
