import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { fromAnyBase64, fromDataUrl, toDataUrl } from "../../../src/image/data-url.ts";

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

describe("fromDataUrl", () => {
  test.each([
    ["other parameters", "data:image/png;charset=x;base64,AAEC"],
    ["upper case", "DATA:IMAGE/PNG;BASE64,AAEC"],
    ["spaces around base64", "data:image/png ; base64 ,AAEC"],
    ["an encoded semicolon", "data:image/png%3Bbase64,AAEC"],
    ["a long file name", `data:image/png;name=${"x".repeat(300)}.png;base64,AAEC`],
    ["line breaks in the base64", "data:image/png;base64,\r\nAA\r\nEC\n"],
    ["percent-encoded base64", "data:image/png;base64,%41AEC"],
    ["no base64", "data:image/png,%00%01%02"],
    ["no base64, with line breaks", "data:image/png,%00\n%01\t%02"],
  ])("reads a data URL with %s", (_, url) => {
    expect(fromDataUrl(url)).toEqual({ bytes: Uint8Array.of(0, 1, 2), type: "image/png" });
  });

  test("reads any bytes, percent-encoded as encodeURIComponent and Python's quote do", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(/^$/, /[\w.~-]/), (bytes, literal) => {
        const data = Array.from(bytes, (byte) => {
          const character = String.fromCharCode(byte);
          return byte < 0x80 && literal.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
        });
        expect(bytesOf(`data:image/png,${data.join("")}`)).toEqual(bytes);
      }),
    );
  });

  test.each([
    "",
    "AAEC",
    "data:image/png;base64",
    "data:image/png;base64,%%",
    "data:image/png,\u00e9",
    `data:${"x".repeat(2_000)};base64,AAEC`,
    "https://example.com/;base64,AAEC",
  ])("returns null for %j", (text) => {
    expect(fromDataUrl(text)).toBeNull();
  });
});

test("fromAnyBase64 reads each alphabet, with and without padding, line breaks and escapes", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom<BufferEncoding>("base64", "base64url"),
      fc.boolean(),
      fc.boolean(),
      (bytes, encoding, wrapped, escaped) => {
        let text = Buffer.from(bytes).toString(encoding);
        if (escaped) text = encodeURIComponent(text);
        // Between two characters, not inside an escape.
        if (wrapped && !escaped) text = text.replace(/.{76}/g, "$&\r\n");
        expect(fromAnyBase64(text)).toEqual(bytes);
      },
    ),
  );
  for (const text of ["A", "AA=A", "AAE*", "é"]) expect(fromAnyBase64(text)).toBeNull();
});

test.each(["-", "%41", "\n"])("fromAnyBase64 of a million times %j makes one buffer and no string", (piece) => {
  const replace = vi.spyOn(String.prototype, "replace");
  const replaceAll = vi.spyOn(String.prototype, "replaceAll");
  const bytes = fromAnyBase64(piece.repeat(1_000_000));
  const calls = replace.mock.calls.length + replaceAll.mock.calls.length;
  replace.mockRestore();
  replaceAll.mockRestore();
  expect(bytes).toHaveLength(piece === "\n" ? 0 : 750_000);
  expect(bytes?.buffer.byteLength).toBeLessThan(3 * 750_000 + 1);
  expect(calls).toBe(0);
});
