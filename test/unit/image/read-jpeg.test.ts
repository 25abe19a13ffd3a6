import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { orientationOnly } from "../../../src/image/exif.ts";
import { sniffPicture } from "../../../src/image/sniff.ts";
import { stripMetadata } from "../../../src/image/strip.ts";
import { ARITHMETIC, ascii, flatJpeg, segment } from "../../support/jpeg.ts";
import { bytesOf, drawNoise } from "../../support/noise-picture.ts";

const refused = (code: string, detail: RegExp) =>
  expect.objectContaining({ code, detail: expect.stringMatching(detail) });

describe("readJpeg", () => {
  test.each([
    ["extended sequential", { frame: 0xc1 }, 1],
    ["RGB", { levels: [1, 2, 3] }, 3],
    ["YCCK", { levels: [1, 2, 3, 4], adobe: 2 }, 4],
    ["CMYK", { levels: [1, 2, 3, 4], adobe: 0 }, 4],
  ])("accepts a %s JPEG", (_, form, components) => {
    expect(sniffPicture(flatJpeg(form))).toMatchObject({
      type: "image/jpeg",
      width: 8,
      height: 8,
      components,
      orientation: 1,
    });
  });

  test.each([
    ["lossless", flatJpeg({ frame: 0xc3 }), /a lossless JPEG/],
    ["lossless of 16 bits", flatJpeg({ frame: 0xc3, precision: 16 }), /a lossless JPEG/],
    ["extended of 12 bits", flatJpeg({ frame: 0xc1, precision: 12 }), /a JPEG with 12 bits/],
    ["baseline of 16 bits", flatJpeg({ precision: 16 }), /a JPEG with 16 bits/],
    ["hierarchical", flatJpeg({ frame: 0xc5 }), /a hierarchical JPEG/],
    ["JPEG-LS", flatJpeg({ frame: 0xf7 }), /a JPEG-LS/],
    ["arithmetic-coded", ARITHMETIC[0] as Uint8Array, /an arithmetic-coded JPEG/],
    ["arithmetic-coded progressive", ARITHMETIC[1] as Uint8Array, /an arithmetic-coded JPEG/],
    ["of two channels", flatJpeg({ levels: [10, 200] }), /a JPEG with 2 channels/],
    ["without a height in its frame header", flatJpeg({ height: 0 }), /DNL/],
  ])("refuses a JPEG that is %s, and names its kind", (_, bytes, detail) => {
    expect(() => sniffPicture(bytes)).toThrow(refused("picture_type_not_supported", detail));
  });

  test("refuses a second frame header, which may claim more pixels than were checked", () => {
    const bytes = flatJpeg({});
    const at = Buffer.from(bytes).indexOf(Buffer.from([0xff, 0xc0]));
    const second = segment(0xc0, [8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0]);
    expect(() => sniffPicture(Uint8Array.from([...bytes.subarray(0, at), ...second, ...bytes.subarray(at)]))).toThrow(
      refused("invalid_picture", /more than one frame/),
    );
  });

  const tag = (orientation: number) => segment(0xe1, [...ascii("Exif\0\0"), ...orientationOnly(orientation)]);
  const standing = (marker: number, ...parts: number[][]) => {
    const bytes = flatJpeg({});
    const at = Buffer.from(bytes).indexOf(Buffer.from([0xff, marker]));
    return Uint8Array.from([...bytes.subarray(0, at), ...parts.flat(), ...bytes.subarray(at)]);
  };

  test.each([
    ["before the frame", standing(0xc0, tag(6)), 6],
    ["behind the frame", standing(0xda, tag(8)), 8],
    ["twice, of which the first counts", standing(0xc0, tag(6), tag(3)), 6],
  ])("reads an orientation tag %s as sharp does", async (_, bytes, orientation) => {
    expect(sniffPicture(bytes).orientation).toBe(orientation);
    expect((await sharp(bytes).metadata()).orientation).toBe(orientation);
  });

  test("reads the picture's own size when EXIF holds a thumbnail", async () => {
    // A whole small JPEG inside an APP1 segment, before the frame header of the picture.
    const [outer, inner] = [await bytesOf(drawNoise().jpeg()), await bytesOf(drawNoise().resize(8, 8).jpeg())];
    const length = inner.length + 8;
    const bytes = Buffer.concat([
      outer.subarray(0, 2),
      Buffer.from([0xff, 0xe1, length >> 8, length & 0xff]),
      Buffer.from("Exif\0\0"),
      inner,
      outer.subarray(2),
    ]);
    expect(sniffPicture(bytes)).toMatchObject({ width: 64, height: 48 });
    expect((await sharp(stripMetadata(bytes, "image/jpeg", 1)).metadata()).exif).toBeUndefined();
  });
});
