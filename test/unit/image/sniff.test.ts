import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { sniffPicture } from "../../../src/image/sniff.ts";
import { stripMetadata } from "../../../src/image/strip.ts";
import { ascii } from "../../support/jpeg.ts";
import { bytesOf, drawNoise, NOISE_FORMS } from "../../support/noise-picture.ts";
import { BLOCKS, drawBlocks, FORMS } from "../../support/picture-forms.ts";

const refused = (code: string, detail: RegExp) =>
  expect.objectContaining({ code, detail: expect.stringMatching(detail) });

describe("sniffPicture", () => {
  test.each(FORMS)(
    "reads type, size and channels of a $name, with and without its metadata",
    async ({ type, encode, expected }) => {
      const bytes = new Uint8Array(await encode(drawBlocks()).toBuffer());
      const said = { type, ...BLOCKS, upright: BLOCKS, orientation: 1, animated: false, ...expected };
      expect(sniffPicture(bytes)).toEqual(said);
      expect(sniffPicture(stripMetadata(bytes, type, 1))).toEqual(said);
    },
  );

  test.each(NOISE_FORMS)("reads type, size and channels of a %s that is noise", async (_, type, make, expected) => {
    const size = { width: 64, height: 48 };
    expect(sniffPicture(await bytesOf(make()))).toEqual({
      type,
      ...size,
      upright: size,
      orientation: 1,
      animated: false,
      ...expected,
    });
  });

  test.each([
    ["nothing", "", "empty"],
    ["a GIF", "GIF89a....", "GIF"],
    ["a HEIC", "\0\0\0\x18ftypheic", "HEIC"],
    ["an AVIF", "\0\0\0\x18ftypavif", "AVIF"],
    ["an SVG", "<svg xmlns=''/>", "SVG"],
    ["a PDF", "%PDF-1.7", "PDF"],
    ["plain words", "hello there", "unknown type"],
  ])("refuses %s and names the type that it looks like", (_, text, named) => {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    expect(() => sniffPicture(bytes)).toThrow(
      expect.objectContaining({ code: "picture_type_not_supported", detail: expect.stringContaining(named) }),
    );
  });

  test.each([
    ["JPEG 2000", [0, 0, 0, 12, ...ascii("jP  \r\n"), 0x87, 10]],
    ["JPEG XL", [0xff, 0x0a, 0, 0]],
    ["JPEG XL", [0, 0, 0, 12, ...ascii("JXL \r\n"), 0x87, 10]],
  ])("refuses %s (%#) and names it", (name, bytes) => {
    expect(() => sniffPicture(Uint8Array.from(bytes))).toThrow(
      refused("picture_type_not_supported", new RegExp(`looks like ${name}`)),
    );
  });

  test("refuses a picture with more pixels than the limit, and one without any", async () => {
    const bytes = await bytesOf(drawNoise().png());
    const claim = (width: number, height: number) => {
      const claimed = bytes.slice();
      new DataView(claimed.buffer).setUint32(16, width);
      new DataView(claimed.buffer).setUint32(20, height);
      return claimed;
    };
    expect(sniffPicture(claim(5000, 5000))).toMatchObject({ width: 5000, height: 5000 });
    const refused = expect.objectContaining({
      code: "picture_too_many_pixels",
      detail: expect.stringMatching(new RegExp(`25005000.*${LIMITS.picturePixels}`)),
    });
    expect(() => sniffPicture(claim(5000, 5001))).toThrow(refused);
    expect(() => sniffPicture(claim(0, 5))).toThrow(expect.objectContaining({ code: "invalid_picture" }));
  });
});
