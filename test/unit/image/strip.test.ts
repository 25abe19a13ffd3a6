import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { PictureError, sniffPicture } from "../../../src/image/sniff.ts";
import { stripMetadata } from "../../../src/image/strip.ts";
import { ascii, flatJpeg, segment } from "../../support/jpeg.ts";
import { bytesOf, NOISE_FORMS, pixelsOf } from "../../support/noise-picture.ts";
import { drawBlocks } from "../../support/picture-forms.ts";
import { plainPng } from "../../support/plain-png.ts";

describe.each(NOISE_FORMS)("stripMetadata of a %s", (_, type, make) => {
  test.each([2, 3, 4, 5, 6, 7, 8])("keeps orientation %i as the only EXIF tag", async (orientation) => {
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
  });

  test("removes EXIF, XMP, IPTC and what follows the end, and keeps the pixels", async () => {
    const secret = "SECRET-PLACE-48.8584N";
    const xmp = [
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
      '<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" ',
      `exif:GPSLatitude="${secret}"/></rdf:RDF></x:xmpmeta>`,
    ].join("");
    const tagged = make()
      .withExif({
        IFD0: { Copyright: secret },
        IFD3: { GPSLatitudeRef: "N", GPSLatitude: "48/1 51/1 30/1", GPSMapDatum: secret },
      })
      .withXmp(xmp);
    const bytes = new Uint8Array(Buffer.concat([await tagged.toBuffer(), Buffer.from(`trailing ${secret}`)]));
    expect(Buffer.from(bytes).includes(secret)).toBe(true);
    const stripped = stripMetadata(bytes, type, 1);
    const { exif, xmp: keptXmp, iptc } = await sharp(stripped).metadata();
    expect([exif, keptXmp, iptc]).toEqual([undefined, undefined, undefined]);
    expect(Buffer.from(stripped).includes(secret)).toBe(false);
    expect(await pixelsOf(stripped)).toEqual(await pixelsOf(bytes));
  });

  test("returns bytes or throws a PictureError when the file is cut off anywhere", async () => {
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

  test("returns bytes or throws a PictureError when any bytes are changed", async () => {
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

describe("stripMetadata", () => {
  test("keeps the frames of an animated WebP", async () => {
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

  test("removes thumbnails, XMP, IPTC, comments, unknown segments and second pictures of a JPEG", async () => {
    const secret = "SECRET-48.8584N";
    const secretBytes = ascii(secret);
    const bytes = Uint8Array.from([
      0xff,
      0xd8,
      // JFIF with a thumbnail of 1 × 5, and its extension segment.
      ...segment(0xe0, [...ascii("JFIF\0"), 1, 2, 0, 0, 1, 0, 1, 1, 5, ...secretBytes]),
      ...segment(0xe0, [...ascii("JFXX\0"), 0x10, ...secretBytes]),
      ...segment(0xe1, [...ascii("http://ns.adobe.com/xap/1.0/\0"), ...secretBytes]),
      ...segment(0xe1, [...ascii("http://ns.adobe.com/xmp/extension/\0"), ...secretBytes]),
      ...segment(0xe2, [...ascii("MPF\0"), ...secretBytes]),
      ...segment(0xed, [...ascii("Photoshop 3.0\0"), ...secretBytes]),
      ...[0xe3, 0xe4, 0xeb, 0xec, 0xef].flatMap((marker) => segment(marker, secretBytes)),
      ...segment(0xfe, secretBytes),
      ...flatJpeg({ levels: [200] }).subarray(2),
      // A second picture behind the end, as in MPF files and motion photos.
      ...flatJpeg({}),
      ...secretBytes,
    ]);
    expect(sniffPicture(bytes)).toMatchObject({ width: 8, height: 8 });
    const stripped = stripMetadata(bytes, "image/jpeg", 1);
    expect(Buffer.from(stripped).includes(secret)).toBe(false);
    expect(stripped.length).toBe(flatJpeg({ levels: [200] }).length + 18);
    expect([...(await sharp(stripped).raw().toBuffer())]).toEqual(Array(64 * 3).fill(200));
  });

  test("removes text, time, EXIF and unknown chunks of a PNG, and keeps its transparency", async () => {
    const secret = new TextEncoder().encode("SECRET-48.8584N");
    const named = ["tEXt", "zTXt", "iTXt", "eXIf", "tIME", "prVt", "sPLT", "hIST"].map(
      (type) => [type, secret] as const,
    );
    const palette = [["PLTE", Uint8Array.of(1, 2, 3, 200, 100, 50)] as const, ["tRNS", Uint8Array.of(0)] as const];
    const bytes = plainPng({ colourType: 3, depth: 1, chunks: [...palette, ...named], sample: (x) => [x % 2] });
    const stripped = stripMetadata(Buffer.concat([bytes, secret]), "image/png", 1);
    expect(Buffer.from(stripped).includes("SECRET")).toBe(false);
    expect(stripped).toEqual(plainPng({ colourType: 3, depth: 1, chunks: palette, sample: (x) => [x % 2] }));
  });

  test("removes EXIF, XMP and unknown chunks of a WebP, and what follows its end", async () => {
    const secret = "SECRET-48.8584N!";
    const tagged = drawBlocks()
      .ensureAlpha(0.5)
      .webp()
      .withExif({ IFD0: { Copyright: secret } })
      .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${secret}</x:xmpmeta>`);
    const whole = await tagged.toBuffer();
    const unknown = Buffer.concat([Buffer.from("PRVT"), Buffer.from([secret.length, 0, 0, 0]), Buffer.from(secret)]);
    const bytes = Buffer.concat([whole, unknown, Buffer.from(secret)]);
    bytes.writeUInt32LE(whole.length + unknown.length - 8, 4);
    const stripped = stripMetadata(bytes, "image/webp", 1);
    expect(Buffer.from(stripped).includes("SECRET")).toBe(false);
    expect(await sharp(stripped).raw().toBuffer()).toEqual(await sharp(whole).raw().toBuffer());
  });
});
