import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat, dataOf, hasAscii, pngChunks, viewOf, webpChunks } from "../../../src/image/bytes.ts";
import { bytesOf, drawNoise } from "../../support/noise-picture.ts";
import { plainPng } from "../../support/plain-png.ts";

describe("hasAscii", () => {
  test.each([
    [0, "RIFF", true],
    [1, "IFF", true],
    [2, "FFx", false],
    [3, "FF", false],
    [-1, "R", false],
    [4, "", true],
  ])("at %i looks for %j: %s", (at, word, expected) => {
    expect(hasAscii(new TextEncoder().encode("RIFF"), at, word)).toBe(expected);
  });
});

describe("viewOf", () => {
  test("covers exactly the bytes of a subarray", () => {
    const view = viewOf(Uint8Array.of(9, 1, 2, 9).subarray(1, 3));
    expect([view.byteLength, view.getUint16(0)]).toEqual([2, 0x0102]);
  });
});

describe("concat", () => {
  test("joins parts as Buffer.concat does", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), (parts) => {
        expect(Buffer.from(concat(parts)).equals(Buffer.concat(parts))).toBe(true);
      }),
    );
  });
});

describe("pngChunks", () => {
  const png = plainPng({ colourType: 0, depth: 8, chunks: [["tEXt", Uint8Array.of(1, 2, 3)]] });

  test("returns every chunk up to IEND, without gaps", () => {
    const chunks = [...pngChunks(Buffer.concat([png, png]))];
    expect(chunks.map(({ type }) => type)).toEqual(["IHDR", "tEXt", "IDAT", "IEND"]);
    expect(chunks.map(({ start }) => start)).toEqual([8, ...chunks.slice(0, -1).map(({ end }) => end)]);
    expect(chunks[1] && dataOf(png, chunks[1])).toEqual(Uint8Array.of(1, 2, 3));
    expect(chunks.at(-1)?.end).toBe(png.length);
  });

  test("leaves out the chunk in which the file is cut off, but not what came of the pixels", () => {
    const chunks = [...pngChunks(png)];
    for (const { type, start, end } of chunks) {
      const before = chunks.filter((chunk) => chunk.end < end);
      const cut = [...pngChunks(png.subarray(0, end - 5))];
      const part = { type, start, end: end - 5, dataStart: start + 8, dataEnd: end - 5, whole: false };
      expect(cut).toEqual(type === "IDAT" ? [...before, part] : before);
    }
  });
});

describe("webpChunks", () => {
  test("returns every chunk within the RIFF size, padding included", async () => {
    const webp = await bytesOf(drawNoise().ensureAlpha(0.5).webp().withMetadata({ orientation: 6 }));
    const chunks = [...webpChunks(Buffer.concat([webp, Buffer.from("PRVT\x00\x00\x00\x00")]))];
    expect(chunks.map(({ type }) => type)).toEqual(["VP8X", "ICCP", "ALPH", "VP8 ", "EXIF"]);
    expect(chunks.map(({ start }) => start)).toEqual([12, ...chunks.slice(0, -1).map(({ end }) => end)]);
    expect(chunks.at(-1)?.end).toBe(webp.length);
  });

  test("returns what came of the chunk in which the file is cut off", async () => {
    const webp = await bytesOf(drawNoise().webp());
    expect([...webpChunks(webp)]).toMatchObject([{ whole: true, end: webp.length }]);
    const cut = webp.subarray(0, webp.length - 2);
    expect([...webpChunks(cut)]).toEqual([
      { type: "VP8 ", start: 12, end: cut.length, dataStart: 20, dataEnd: cut.length, whole: false },
    ]);
  });
});
