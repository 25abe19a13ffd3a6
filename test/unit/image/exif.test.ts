import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { orientationOnly, readOrientation, withMarker, withoutMarker } from "../../../src/image/exif.ts";

/** A little-endian TIFF with one entry of this tag, type and value. */
function littleEndian(tag: number, type: number, value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint32(0, 0x49492a00);
  view.setUint32(4, 8, true);
  view.setUint16(8, 1, true);
  view.setUint16(10, tag, true);
  view.setUint16(12, type, true);
  view.setUint32(14, 1, true);
  view.setUint16(18, value, true);
  return new Uint8Array(view.buffer);
}

describe("readOrientation", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("reads %i from what orientationOnly wrote", (orientation) => {
    expect(readOrientation(orientationOnly(orientation))).toBe(orientation);
  });

  test("returns 1 to 8 for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(readOrientation(bytes));
      }),
    );
  });

  test("reads little-endian TIFF", () => {
    expect(readOrientation(littleEndian(0x0112, 3, 6))).toBe(6);
  });

  test.each([
    ["the value is out of range", littleEndian(0x0112, 3, 9)],
    ["the type is not SHORT", littleEndian(0x0112, 4, 6)],
    ["the tag is another", littleEndian(0x0110, 3, 6)],
    ["the entry is cut off", littleEndian(0x0112, 3, 6).subarray(0, 20)],
    ["the header is cut off", littleEndian(0x0112, 3, 6).subarray(0, 6)],
  ])("returns 1 when %s", (_, tiff) => {
    expect(readOrientation(tiff)).toBe(1);
  });
});

describe("withoutMarker", () => {
  test("undoes withMarker, and leaves other bytes as they are", () => {
    const tiff = orientationOnly(6);
    expect(withoutMarker(withMarker(tiff))).toEqual(tiff);
    expect(withoutMarker(tiff)).toEqual(tiff);
  });
});
