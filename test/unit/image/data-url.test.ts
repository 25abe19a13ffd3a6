import fc from "fast-check";
import { expect, test } from "vitest";
import { fromDataUrl, toDataUrl } from "../../../src/image/data-url.ts";

const bytesOf = (url: string) => fromDataUrl(url)?.bytes ?? new Uint8Array();

test("bytes come back from a data URL as they went in, also where pieces of it meet", () => {
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
