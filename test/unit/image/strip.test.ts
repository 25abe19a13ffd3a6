import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { orientationOnly, readOrientation } from "../../../src/image/exif.ts";
import { PictureError, type PictureType, sniffPicture } from "../../../src/image/sniff.ts";
import { stripMetadata } from "../../../src/image/strip.ts";

/** Something to see, so that encoders do not collapse it. */
const noise = Uint8Array.from({ length: 64 * 48 * 3 }, (_, index) => (index * 97 + (index >> 5) * 31) & 0xff);
const drawing = () => sharp(noise, { raw: { width: 64, height: 48, channels: 3 } });
const bytesOf = async (image: Sharp) => new Uint8Array(await image.toBuffer());
const pixelsOf = (bytes: Uint8Array) => sharp(bytes, { animated: true }).raw().toBuffer();

const FORMS: Array<[name: string, type: PictureType, make: () => Sharp, expected: object]> = [
  ["baseline JPEG", "image/jpeg", () => drawing().jpeg(), { components: 3 }],
  ["progressive JPEG", "image/jpeg", () => drawing().jpeg({ progressive: true }), { components: 3 }],
  ["grey JPEG", "image/jpeg", () => drawing().toColourspace("b-w").jpeg(), { components: 1 }],
  ["CMYK JPEG", "image/jpeg", () => drawing().toColourspace("cmyk").jpeg(), { components: 4 }],
  ["RGB PNG", "image/png", () => drawing().png(), { components: 3 }],
  ["PNG with alpha", "image/png", () => drawing().ensureAlpha(0.5).png(), { components: 4 }],
  ["palette PNG", "image/png", () => drawing().png({ palette: true, colours: 16 }), { components: 3 }],
  [
    "16-bit interlaced PNG",
    "image/png",
    () => drawing().toColourspace("rgb16").png({ progressive: true }),
    { components: 3 },
  ],
  ["lossy WebP", "image/webp", () => drawing().webp(), { components: 3 }],
  ["lossless WebP", "image/webp", () => drawing().webp({ lossless: true }), { components: 3 }],
  ["WebP with alpha", "image/webp", () => drawing().ensureAlpha(0.5).webp(), { components: 4 }],
];

describe.each(FORMS)("%s", (_, type, make, expected) => {
  test("its header says type, size and channels", async () => {
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

  test.each([2, 3, 4, 5, 6, 7, 8])(
    "orientation %i is read, and is all that is left of its EXIF",
    async (orientation) => {
      const bytes = await bytesOf(
        make()
          .withExif({ IFD0: { Artist: "Somebody" } })
          .withMetadata({ orientation }),
      );
      const upright = orientation >= 5 ? { width: 48, height: 64 } : { width: 64, height: 48 };
      expect(sniffPicture(bytes)).toMatchObject({ orientation, upright });
      const stripped = stripMetadata(bytes, type, orientation);
      expect(sniffPicture(stripped)).toMatchObject({ orientation, upright });
      expect((await sharp(stripped).metadata()).orientation).toBe(orientation);
    },
  );

  test("where it was taken is gone, whatever carried it; its pixels are not touched", async () => {
    const secret = "SECRET-PLACE-48.8584N";
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="${secret}"/></rdf:RDF></x:xmpmeta>`;
    const tagged = make()
      .withExif({
        IFD0: { Copyright: secret },
        IFD3: { GPSLatitudeRef: "N", GPSLatitude: "48/1 51/1 30/1", GPSMapDatum: secret },
      })
      .withXmp(xmp);
    const bytes = new Uint8Array(Buffer.concat([await tagged.toBuffer(), Buffer.from(`trailing ${secret}`)]));
    expect(Buffer.from(bytes).includes(secret)).toBe(true);
    const stripped = stripMetadata(bytes, type, 1);
    const { exif, xmp: kept, iptc } = await sharp(stripped).metadata();
    expect([exif, kept, iptc]).toEqual([undefined, undefined, undefined]);
    expect(Buffer.from(stripped).includes(secret)).toBe(false);
    expect(await pixelsOf(stripped)).toEqual(await pixelsOf(bytes));
  });

  test("cut off anywhere, it is a picture or a problem, never a crash", async () => {
    const bytes = await bytesOf(make().withExif({ IFD0: { Artist: "Somebody" } }));
    for (let length = 0; length < bytes.length; length += length < 200 ? 1 : 37) {
      const cut = bytes.subarray(0, length);
      try {
        stripMetadata(cut, sniffPicture(cut).type, 6);
      } catch (error) {
        expect(error).toBeInstanceOf(PictureError);
      }
    }
  });

  test("with any bytes of it changed, too", async () => {
    const bytes = await bytesOf(make().withExif({ IFD0: { Artist: "Somebody" } }));
    const change = fc.tuple(fc.nat(Math.min(300, bytes.length - 1)), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
        const changed = bytes.slice();
        for (const [at, value] of changes) changed[at] = value;
        try {
          stripMetadata(changed, sniffPicture(changed).type, 6);
        } catch (error) {
          expect(error).toBeInstanceOf(PictureError);
        }
      }),
    );
  });
});

test("an animated WebP says so and keeps its frames", async () => {
  const frames = await Promise.all(
    ["#ff0000", "#0000ff"].map((background) =>
      sharp({ create: { width: 20, height: 20, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  const bytes = new Uint8Array(
    await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .withExif({ IFD0: { Artist: "Somebody" } })
      .toBuffer(),
  );
  expect(sniffPicture(bytes)).toMatchObject({ width: 20, height: 20, animated: true });
  const stripped = stripMetadata(bytes, "image/webp", 1);
  expect((await sharp(stripped).metadata()).pages).toBe(2);
  expect(await pixelsOf(stripped)).toEqual(await pixelsOf(bytes));
});

test("a thumbnail's size inside EXIF is not the picture's", async () => {
  // A whole small JPEG inside an APP1 segment, before the frame that counts.
  const [outer, inner] = [await bytesOf(drawing().jpeg()), await bytesOf(drawing().resize(8, 8).jpeg())];
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

test.each([
  ["nothing", "", "empty"],
  ["a GIF", "GIF89a....", "GIF"],
  ["a HEIC", "\0\0\0\x18ftypheic", "HEIC"],
  ["an AVIF", "\0\0\0\x18ftypavif", "AVIF"],
  ["an SVG", "<svg xmlns=''/>", "SVG"],
  ["a PDF", "%PDF-1.7", "PDF"],
  ["words", "hello there", "unknown type"],
])("%s is refused by the type that it looks like", (_, text, named) => {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  expect(() => sniffPicture(bytes)).toThrow(
    expect.objectContaining({ code: "picture_type_not_supported", detail: expect.stringContaining(named) }),
  );
});

test("one pixel more than the limit is refused, with limit and value; the limit itself is taken", async () => {
  const bytes = await bytesOf(drawing().png());
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

test("an orientation comes back from the block that holds nothing else; any other bytes mean 1", () => {
  for (let orientation = 1; orientation <= 8; orientation++)
    expect(readOrientation(orientationOnly(orientation))).toBe(orientation);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(readOrientation(bytes));
    }),
  );
});
