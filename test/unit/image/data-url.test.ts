import fc from "fast-check";
import { expect, test } from "vitest";
import { fromDataUrl, toDataUrl } from "../../../src/image/data-url.ts";

const bytesOf = (url: string) => fromDataUrl(url)?.bytes ?? new Uint8Array();

test("fromDataUrl returns what toDataUrl got, also at the boundaries of its pieces", () => {
  const piece = 0x6000;
  for (const length of [0, 1, 2, 3, piece - 1, piece, piece + 1, 3 * piece + 2, (piece / 4) * 3 + 1]) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
    expect(toDataUrl(bytes, "image/png")).toBe(`data:image/png;base64,${Buffer.from(bytes).toString("base64")}`);
    expect(Buffer.from(bytesOf(toDataUrl(bytes, "image/png"))).equals(Buffer.from(bytes))).toBe(true);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(bytesOf(toDataUrl(bytes, "x/y"))).toEqual(bytes);
    }),
  );
});

test("toDataUrl encodes any number of bytes", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.constantFrom(0, 24_574, 24_575, 24_576, 24_577, 49_153),
      (start, padding) => {
        const bytes = new Uint8Array(padding + start.length);
        bytes.set(start);
        bytes.set(start, padding);
        expect(toDataUrl(bytes, "image/png")).toBe(`data:image/png;base64,${Buffer.from(bytes).toString("base64")}`);
      },
    ),
    { numRuns: 60 },
  );
});

test("fromDataUrl reads the media type, and returns null for anything but a base64 data URL", () => {
  expect(fromDataUrl("data:image/png;charset=x;base64,AAEC")).toEqual({
    bytes: Uint8Array.of(0, 1, 2),
    type: "image/png",
  });
  for (const text of [
    "",
    "AAEC",
    "data:image/png,AAEC",
    "data:image/png;base64,%%",
    "https://example.com/;base64,AAEC",
  ])
    expect(fromDataUrl(text)).toBeNull();
});
