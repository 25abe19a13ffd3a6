import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { encodeMaskPng } from "../../../../src/image/mask-png.ts";
import {
  maskOfCoco,
  maskOfPicture,
  maskOfPlainPicture,
  maskOfText,
  readingsOfStarts,
} from "../../../../src/stages/replies/read-mask.ts";
import { drawnMasks, SQUARE, sharpPng } from "../../../support/drawn-masks.ts";
import { decodeRle, encodeRle } from "../../../support/rle.ts";

describe('every form of a mask (docs/reference/hosted-models.md, "Masks") gives the same mask', () => {
  test.each([
    ["grey", 1, (set: number) => [set * 255], {}],
    ["colour", 3, (set: number) => (set ? [255, 200, 180] : [20, 0, 40]), {}],
    ["a palette", 3, (set: number) => (set ? [255, 255, 255] : [0, 0, 0]), { palette: true }],
    ["a cut-out with an alpha channel", 4, (set: number) => [10, 10, 10, set * 255], {}],
    ["a cut-out with a palette", 4, (set: number) => (set ? [10, 10, 10, 255] : [0, 0, 0, 0]), { palette: true }],
    ["an opaque picture with an alpha channel", 4, (set: number) => [set * 255, set * 255, set * 255, 255], {}],
    ["grey with alpha", 2, (set: number) => [128, set * 255], {}],
  ] as const)("reads a PNG: %s", async (_, channels, of, options) => {
    expect(await maskOfPicture(await sharpPng(SQUARE, channels, of, options))).toEqual(SQUARE);
  });

  test("reads a PNG of sixteen bits", async () => {
    const data = Uint16Array.from(decodeRle(SQUARE), (set) => set * 65_535);
    const png = await sharp(data, { raw: { width: 10, height: 6, channels: 1 } })
      .toColourspace("grey16")
      .png()
      .toBuffer();
    expect((await sharp(png).metadata()).depth).toBe("ushort");
    expect(await maskOfPicture(new Uint8Array(png))).toEqual(SQUARE);
  });

  test("reads a PNG in a data URL and in base64", async () => {
    const base64 = Buffer.from(encodeMaskPng(SQUARE)).toString("base64");
    expect(await maskOfText(base64)).toEqual(SQUARE);
    expect(await maskOfText(`data:image/png;base64,${base64}`)).toEqual(SQUARE);
  });

  test("reads COCO's RLE, with counts that are compressed and with counts as numbers", () => {
    expect(maskOfCoco(SQUARE.size, SQUARE.counts)).toEqual(SQUARE);
    expect(maskOfCoco([2, 2], [1, 2, 1])).toEqual(encodeRle([0, 1, 1, 0], { width: 2, height: 2 }));
    expect(maskOfCoco([2, 2], [0, 0, 1, 1, 0, 2, 0])).toEqual(encodeRle([0, 1, 1, 1], { width: 2, height: 2 }));
    expect(() => maskOfCoco([2, 2], [1, 2])).toThrow("does not fill its size");
  });

  test("reads pairs of start and length, along rows or columns, counted from 0 or 1", () => {
    const rows = [2, 3, 4, 5].flatMap((y) => [y * 10 + 3, 4]);
    const columns = [3, 4, 5, 6].flatMap((x) => [x * 6 + 2, 4]);
    const fromOne = (numbers: number[]) => numbers.map((number, index) => number + Number(index % 2 === 0));
    for (const numbers of [rows, columns, fromOne(rows), fromOne(columns)]) {
      expect(readingsOfStarts(numbers, { width: 10, height: 6 })).toContainEqual(SQUARE);
    }
    expect(() => readingsOfStarts([58, 9], { width: 10, height: 6 })).toThrow("outside the picture");
  });

  test("reads pairs of start and length, whatever the mask shows", () => {
    fc.assert(
      fc.property(
        drawnMasks,
        fc.boolean(),
        fc.integer({ min: 0, max: 1 }),
        ({ data, width, height }, byRows, first) => {
          const pixel = (index: number) => (byRows ? index : (index % height) * width + Math.floor(index / height));
          const set = Array.from(data, (_, index) => data[pixel(index)] === 1);
          const runs = set.flatMap((value, index) => {
            if (!value || set[index - 1]) return [];
            const end = set.indexOf(false, index);
            return [index + first, (end === -1 ? set.length : end) - index];
          });
          fc.pre(runs.length > 0);
          expect(readingsOfStarts(runs, { width, height })).toContainEqual(encodeRle(data, { width, height }));
        },
      ),
    );
  });

  test.each([[[10, 5, 12, 5]], [[12, 5, 10, 1]], [[-1, 4]], [[3, 0]], [[3, -2]], [[Number.NaN, 4]], [[3]]])(
    "throws when %j are read as pairs of start and length",
    (numbers) => {
      expect(() => readingsOfStarts(numbers, { width: 10, height: 6 })).toThrow("overlap or lie outside the picture");
    },
  );

  test.each([
    ["a JPEG", Uint8Array.of(0xff, 0xd8, 0xff), "a JPEG mask"],
    ["an empty file", new Uint8Array(), "not a PNG"],
    ["an HTML page", new TextEncoder().encode("<html>"), "not a PNG"],
  ])("throws an invalid_output that names the fault when the mask is %s", async (_, bytes, detail) => {
    await expect(maskOfPicture(bytes)).rejects.toMatchObject({
      code: "invalid_output",
      detail: expect.stringContaining(detail),
    });
  });
});

describe("maskOfPlainPicture", () => {
  /** A photo's pixels: noise. */
  function photo(): () => [number, number, number] {
    let index = 0;
    const noise = () => (index++ * 97) % 256;
    return () => [noise(), noise(), noise()];
  }

  test.each<[what: string, channels: 1 | 3 | 4, samplesOf: (set: number) => number[]]>([
    ["a photo", 3, photo()],
    ["a photo with a half-transparent mask", 4, ((pixel) => (set: number) => [...pixel(), set ? 153 : 0])(photo())],
  ])("throws an invalid_output when it is given %s", async (_, channels, samplesOf) => {
    const drawing = await sharpPng(SQUARE, channels, samplesOf);
    await expect(maskOfPlainPicture(drawing)).rejects.toMatchObject({ code: "invalid_output" });
  });

  test.each<[what: string, channels: 1 | 3 | 4, samplesOf: (set: number) => number[]]>([
    ["a photo cut out along the mask", 4, ((pixel) => (set: number) => [...pixel(), set * 255])(photo())],
    ["nearly black and nearly white", 1, (set) => [set ? 250 : 5]],
  ])("returns the mask when it is given %s", async (_, channels, samplesOf) => {
    expect(await maskOfPlainPicture(await sharpPng(SQUARE, channels, samplesOf))).toEqual(SQUARE);
  });
});

/** A reply may be megabytes long: it is refused before it is read. */
describe("an RLE of 4,194,304 runs", () => {
  const size = { width: 2_048, height: 2_048 };
  const pixels = size.width * size.height;

  test.each([
    ["numbers", () => maskOfCoco([size.height, size.width], Array<number>(pixels).fill(1))],
    ["text", () => maskOfCoco([size.height, size.width], "1".repeat(pixels))],
    [
      "pairs of start and length",
      () =>
        readingsOfStarts(
          Array.from({ length: pixels }, (_, at) => (at % 2 === 0 ? at : 1)),
          size,
        ),
    ],
  ])("is refused when its counts are %s", (_, read) => {
    expect(read).toThrow(
      expect.objectContaining({ code: "invalid_output", detail: "answered with an RLE of too many runs" }),
    );
  });
});
