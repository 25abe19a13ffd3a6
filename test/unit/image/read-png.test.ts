import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { orientationOnly } from "../../../src/image/exif.ts";
import { sniffPicture } from "../../../src/image/sniff.ts";
import { stripMetadata } from "../../../src/image/strip.ts";
import { plainPng } from "../../support/plain-png.ts";

const refused = (code: string, detail: RegExp) =>
  expect.objectContaining({ code, detail: expect.stringMatching(detail) });

const PNG_FORMS = ([0, 2, 3, 4, 6] as const).flatMap((colourType) =>
  ([1, 2, 4, 8, 16] as const).flatMap((depth) =>
    [false, true].map((interlaced) => ({ colourType, depth, interlaced })),
  ),
);
const DEPTHS = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };

describe("readPng", () => {
  test.each(PNG_FORMS)(
    "accepts colour type $colourType with $depth bits (interlaced: $interlaced) when the specification does",
    (form) => {
      const bytes = plainPng(form);
      if (DEPTHS[form.colourType].includes(form.depth))
        expect(sniffPicture(bytes)).toMatchObject({ width: 9, height: 5, animated: false });
      else expect(() => sniffPicture(bytes)).toThrow(refused("invalid_picture", /header/));
    },
  );

  test.each([
    ["before", true],
    ["behind", false],
  ])("reads an eXIf chunk %s the pixels, and acTL", async (_, first) => {
    const exif = orientationOnly(5);
    const whole = plainPng({
      colourType: 0,
      depth: 8,
      chunks: [
        ["acTL", Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0)],
        ["eXIf", exif],
      ],
    });
    const at = Buffer.from(whole).indexOf("eXIf") - 4;
    const end = whole.length - 12;
    const chunk = whole.subarray(at, at + exif.length + 12);
    const bytes = first
      ? whole
      : Buffer.concat([whole.subarray(0, at), whole.subarray(at + chunk.length, end), chunk, whole.subarray(end)]);
    expect(sniffPicture(bytes)).toMatchObject({ orientation: 5, upright: { width: 5, height: 9 }, animated: true });
    // libvips ignores an eXIf chunk behind the pixels. The stripped picture has it in front of them.
    expect((await sharp(stripMetadata(bytes, "image/png", 5)).metadata()).orientation).toBe(5);
  });

  test("refuses a second header, and one that is not the first chunk", () => {
    const bytes = plainPng({ colourType: 0, depth: 8 });
    const header = bytes.subarray(8, 33);
    const twice = Buffer.concat([bytes.subarray(0, 33), header, bytes.subarray(33)]);
    const late = Buffer.concat([
      bytes.subarray(0, 8),
      bytes.subarray(33, bytes.length - 12),
      header,
      bytes.subarray(bytes.length - 12),
    ]);
    for (const wrong of [twice, late]) expect(() => sniffPicture(wrong)).toThrow(refused("invalid_picture", /header/));
  });
});
