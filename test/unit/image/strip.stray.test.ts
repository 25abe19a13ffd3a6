import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { concat } from "../../../src/image/bytes.ts";
import { jpegSegments, MARKER } from "../../../src/image/jpeg.ts";
import { sniffPicture } from "../../../src/image/sniff.ts";
import { stripMetadata } from "../../../src/image/strip.ts";
import { ascii, flatJpeg, segment } from "../../support/jpeg.ts";
import { bytesOf, drawNoise, NOISE_FORMS, pixelsOf } from "../../support/noise-picture.ts";

const SECRET = "SECRET-48.8584N";
const JPEGS = NOISE_FORMS.filter(([, type]) => type === "image/jpeg");

/** Bytes that decoders skip before a marker. */
const byte = fc.integer({ min: 0, max: 0xfe }).map((value) => [value]);
const skipped = fc.constantFrom([0xff, 0x00], [0xff, 0xd0], [0xff, 0xd7], [0xff, 0x01]);
const stray = fc
  .tuple(fc.array(fc.oneof(byte, skipped), { maxLength: 20 }), fc.constantFrom([], [0xff], [0xff, 0xff]))
  .map(([bytes, fill]) => [...bytes.flat(), ...fill]);

/** The file with something before each of its segments but the first. */
function between(bytes: Uint8Array, parts: readonly (readonly number[])[]): Uint8Array {
  const segments = [...jpegSegments(bytes)];
  return concat(
    segments.flatMap(({ start, end }, index) => [
      Uint8Array.from(index === 0 ? [] : (parts[index % parts.length] ?? [])),
      bytes.subarray(start, end),
    ]),
  );
}

describe.each(JPEGS)("stripMetadata of a %s", (_, type, make) => {
  test("keeps every pixel when stray bytes stand between the segments", async () => {
    const bytes = await bytesOf(make());
    const pixels = await pixelsOf(bytes);
    await fc.assert(
      fc.asyncProperty(fc.array(stray, { minLength: 1, maxLength: 8 }), async (parts) => {
        const dirty = between(bytes, parts);
        expect(sniffPicture(dirty)).toMatchObject({ width: 64, height: 48 });
        // Stray bytes behind a scan cannot be told from it without decoding: they stay, and decoders skip them.
        const stripped = sharp(stripMetadata(dirty, type, 1), { failOn: "error" });
        expect((await stripped.raw().toBuffer()).equals(pixels)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("removes metadata that stands behind stray bytes, and stray bytes that may be metadata", async () => {
    const bytes = await bytesOf(make());
    const exif = segment(0xe1, [...ascii("Exif\0\0"), ...ascii(SECRET)]);
    // The length is too small, so the reader takes the rest of the segment's text for stray bytes.
    const short = [0xff, MARKER.COM, 0, 4, ...ascii(SECRET)];
    const header = sniffPicture(bytes);
    const [scan] = [...jpegSegments(bytes)].filter(({ marker }) => marker === MARKER.SOS);
    const head = bytes.subarray(0, scan?.start);
    const dirty = concat([
      between(concat([head, Uint8Array.of(0xff, 0xd9)]), [[1, 2, 0xff, 0, ...exif], short, [9, ...exif, ...short]]),
    ]).slice(0, -2);
    const stripped = stripMetadata(concat([dirty, bytes.subarray(scan?.start)]), type, 1);
    expect(Buffer.from(stripped).includes(SECRET)).toBe(false);
    expect(sniffPicture(stripped)).toEqual(header);
    expect(await pixelsOf(stripped)).toEqual(await pixelsOf(bytes));
  });
});

test("stripMetadata removes what stands behind a segment that is longer than the file", () => {
  const bytes = Uint8Array.from([...flatJpeg({}).subarray(0, -2), 0xff, 0xe1, 0xff, 0xff, ...ascii(SECRET)]);
  expect(Buffer.from(stripMetadata(bytes, "image/jpeg", 1)).includes(SECRET)).toBe(false);
});

test.each([
  ["restart markers", [0xff, 0xd0]],
  ["second starts", [0xff, 0xd8]],
  ["empty comments", [0xff, 0xfe, 0, 2, 0xff, 0xdd, 0, 2]],
])("stripMetadata of megabytes of %s takes one buffer of their size", async (_, pair) => {
  const bytes = await bytesOf(drawNoise().jpeg());
  const many = new Uint8Array(pair.length === 2 ? 4_000_000 : 128_000);
  for (let at = 0; at < many.length; at += pair.length) many.set(pair, at);
  const stripped = stripMetadata(concat([bytes.subarray(0, 2), many, bytes.subarray(2)]), "image/jpeg", 6);
  // One buffer of about the file's own size, and one EXIF block, however many segments there are.
  expect(stripped.buffer.byteLength).toBeLessThan(many.length + bytes.length + 1_000);
  expect(Buffer.from(stripped).toString("latin1").split("Exif")).toHaveLength(2);
});

describe.each(NOISE_FORMS)("stripMetadata of a %s that is cut off", (name, type, make) => {
  test("closes the file and hands on every byte that came of its pixels", async () => {
    const bytes = await bytesOf(make());
    const whole = stripMetadata(bytes, type, 1);
    for (const share of [0.6, 0.8, 0.95]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * share));
      const stripped = stripMetadata(cut, type, 1);
      const lost = bytes.length - cut.length;
      // At most the start of a segment of tables, which no decoder reads in part, is left out.
      expect(whole.length - stripped.length).toBeLessThan(lost + (type === "image/jpeg" ? 250 : 30));
      expect(sniffPicture(stripped)).toMatchObject({ width: 64, height: 48 });
      // Neither libwebp nor libpng's interlaced reader gives a part of a picture.
      if (type === "image/webp" || name.includes("interlaced")) continue;
      const { data } = await sharp(stripped, { failOn: "none" }).raw().toBuffer({ resolveWithObject: true });
      expect(new Set(data).size, name).toBeGreaterThan(1);
    }
  });
});
