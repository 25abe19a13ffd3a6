import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFrame, jpegSegments, MARKER } from "../../../src/image/jpeg.ts";
import { flatJpeg, segment } from "../../support/jpeg.ts";
import { bytesOf, drawNoise } from "../../support/noise-picture.ts";

const markersOf = (bytes: Uint8Array) => Array.from(jpegSegments(bytes), ({ marker }) => marker);

describe("jpegSegments", () => {
  test.each([false, true])("covers a whole JPEG without gaps (progressive: %s)", async (progressive) => {
    const bytes = await bytesOf(drawNoise().jpeg({ progressive }));
    const segments = [...jpegSegments(bytes)];
    expect(segments[0]?.marker).toBe(MARKER.SOI);
    expect(segments.at(-1)).toMatchObject({ marker: MARKER.EOI, end: bytes.length });
    expect(segments.map(({ start }) => start)).toEqual([0, ...segments.slice(0, -1).map(({ end }) => end)]);
    expect(segments.filter(({ marker }) => marker === MARKER.SOS).length).toBeGreaterThanOrEqual(progressive ? 2 : 1);
  });

  test("returns a segment's data without its length", () => {
    const bytes = Uint8Array.from([0xff, 0xd8, ...segment(MARKER.COM, [1, 2, 3]), 0xff, 0xd9]);
    const [, comment] = jpegSegments(bytes);
    expect(comment).toEqual({ marker: MARKER.COM, start: 2, end: 9, dataStart: 6, dataEnd: 9 });
  });

  test("skips fill bytes before a marker", () => {
    expect(markersOf(Uint8Array.of(0xff, 0xd8, 0xff, 0xff, 0xff, 0xd9))).toEqual([MARKER.SOI, MARKER.EOI]);
  });

  test.each([
    ["stray bytes", [1, 2, 3]],
    ["a stuffed zero", [0xff, 0]],
    ["markers that stand alone", [0xff, 0xd3, 0xff, 0x01, 0xff, 0xd8]],
    ["a reserved marker", [0xff, 0x05]],
    ["fill bytes", [0xff, 0xff]],
  ])("skips %s between segments", (_, stray) => {
    const bytes = Uint8Array.from([0xff, 0xd8, ...stray, ...segment(MARKER.COM, [1]), ...stray, 0xff, 0xd9]);
    expect(markersOf(bytes)).toEqual([MARKER.SOI, MARKER.COM, MARKER.EOI]);
  });

  test.each([0, 1])("takes a segment of the length %i as empty, as libjpeg does", (length) => {
    const bytes = Uint8Array.of(0xff, 0xd8, 0xff, MARKER.COM, 0, length, 7, 7, 0xff, 0xd9);
    expect([...jpegSegments(bytes)].map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [2, 6],
      [8, 10],
    ]);
  });

  test("does not end a scan at stuffed zeros, restart markers or reserved markers", () => {
    const scan = [...segment(MARKER.SOS, [0]), 0x12, 0xff, 0x00, 0x34, 0xff, 0xd3, 0x56, 0xff, 0x05, 0x78];
    expect(markersOf(Uint8Array.from([0xff, 0xd8, ...scan, 0xff, 0xd9]))).toEqual([MARKER.SOI, MARKER.SOS, MARKER.EOI]);
  });

  test("leaves out a scan whose pixels are all cut off", () => {
    const bytes = [0xff, 0xd8, ...segment(MARKER.SOS, [0])];
    expect(markersOf(Uint8Array.from(bytes))).toEqual([MARKER.SOI]);
    expect(markersOf(Uint8Array.from([...bytes, 0x12]))).toEqual([MARKER.SOI, MARKER.SOS]);
  });

  test("ends at EOI, whatever follows", () => {
    const bytes = flatJpeg({});
    expect(markersOf(Uint8Array.from([...bytes, ...bytes]))).toEqual(markersOf(bytes));
  });

  test("returns segments inside the file, in order, for any bytes", () => {
    const bytes = flatJpeg({});
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(bytes.length), (changes, length) => {
        const changed = bytes.slice();
        for (const [at, value] of changes) changed[at] = value;
        let position = 0;
        for (const { start, end } of jpegSegments(changed.subarray(0, length))) {
          expect(start).toBeGreaterThanOrEqual(position);
          expect(end).toBeGreaterThan(start);
          position = end;
        }
        expect(position).toBeLessThanOrEqual(length);
      }),
    );
  });
});

describe("isFrame", () => {
  test("accepts the start-of-frame markers of ITU-T T.81, table B.1", () => {
    const frames = Array.from({ length: 256 }, (_, marker) => marker).filter(isFrame);
    expect(frames.map((marker) => marker.toString(16))).toEqual("c0 c1 c2 c3 c5 c6 c7 c9 ca cb cd ce cf".split(" "));
  });
});
