import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeMaskPng } from "../../../src/image/mask-png.ts";
import { readMaskPicture, readMaskPng } from "../../../src/image/read-mask-png.ts";
import { drawnMasks, SQUARE, sharpPng } from "../../support/drawn-masks.ts";

describe("readMaskPng", () => {
  test("returns the mask that encodeMaskPng was given, whatever it shows", async () => {
    await fc.assert(
      fc.asyncProperty(drawnMasks, async ({ mask }) => {
        expect(await readMaskPng(await encodeMaskPng(mask))).toEqual(mask);
      }),
    );
  });

  test("returns the mask when the rows of the PNG are filtered, whatever it shows", async () => {
    await fc.assert(
      fc.asyncProperty(drawnMasks, async ({ mask }) => {
        const colours = (set: number) => (set ? [250, 180, 200] : [9, 60, 3]);
        expect(await readMaskPng(await sharpPng(mask, 3, colours, { adaptiveFiltering: true }))).toEqual(mask);
      }),
      { numRuns: 40 },
    );
  });

  test("returns null when the PNG is cut off", async () => {
    const png = await encodeMaskPng(SQUARE);
    for (let length = 9; length < png.length - 13; length += 3)
      expect(await readMaskPng(png.slice(0, length))).toBeNull();
  });

  test("returns null when the PNG has more rows than its header says", async () => {
    const png = await encodeMaskPng(SQUARE);
    new DataView(png.buffer).setUint32(20, 5);
    expect(await readMaskPng(png)).toBeNull();
  });
});

describe("readMaskPicture", () => {
  test.each([
    ["0 when every pixel is black or white", (set: number) => [set ? 250 : 5], 0],
    ["1 when every pixel is grey", () => [128], 1],
  ])("returns a share of doubtful pixels of %s", async (_, samplesOf, doubtful) => {
    expect(await readMaskPicture(await sharpPng(SQUARE, 1, samplesOf))).toMatchObject({ doubtful });
  });
});
