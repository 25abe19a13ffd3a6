import sharp from "sharp";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { type TinyParts, tinyParts, type WholePictures } from "../../../bench/memory/tiny-parts.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { concat, dataOf, pngChunks } from "../../../src/image/bytes.ts";
import { cutOff } from "../../../src/image/cut-off.ts";
import { pngChunk } from "../../../src/image/png-chunk.ts";
import { readMaskPicture } from "../../../src/image/read-mask-png.ts";
import { sniffPicture } from "../../../src/image/sniff.ts";
import { stripMetadata } from "../../../src/image/strip.ts";
import { bytesOf, drawNoise } from "../../support/noise-picture.ts";

/** Reads a picture as a request does, and returns what is sent on. */
function read(bytes: Uint8Array): Uint8Array {
  const { type, orientation } = sniffPicture(bytes);
  cutOff(bytes, type);
  return stripMetadata(bytes, type, orientation);
}

/** The views that reading a picture makes. Small files and large ones are read by the same code, so this is a bound. */
function viewsOf(bytes: Uint8Array): number {
  const subarray = vi.spyOn(Uint8Array.prototype, "subarray");
  const slice = vi.spyOn(Uint8Array.prototype, "slice");
  try {
    read(bytes);
    return subarray.mock.calls.length + slice.mock.calls.length;
  } finally {
    subarray.mockRestore();
    slice.mockRestore();
  }
}

let pictures: WholePictures;
beforeAll(async () => {
  pictures = {
    jpeg: await bytesOf(drawNoise().jpeg()),
    png: await bytesOf(drawNoise().png()),
    webp: await bytesOf(drawNoise().ensureAlpha(0.5).webp()),
  };
});
const file = (all: readonly TinyParts[], name: string) => all.find((each) => each.name === name) as TinyParts;

describe.each([
  "JPEG of empty tables",
  "JPEG of empty comments",
  "PNG of empty pixels",
  "PNG of empty texts",
  "WebP of empty alphas",
  "WebP of unknown chunks",
])("a %s", (name) => {
  test("is refused when it has more parts than any encoder writes", () => {
    const { file: bytes, parts } = file(tinyParts(pictures, 600_000), name);
    expect(parts).toBeGreaterThan(LIMITS.pictureParts);
    expect(() => read(bytes)).toThrow(expect.objectContaining({ code: "invalid_picture" }));
  });

  test("is read with views of its merged parts, and not one for each", () => {
    const { file: bytes, parts } = file(tinyParts(pictures, 100_000), name);
    expect(parts).toBeGreaterThan(5_000);
    expect(viewsOf(bytes)).toBeLessThan(40);
  });
});

test.each(["JPEG of restart markers", "JPEG with a scan of restart markers"])(
  "a %s is read with few views, however many there are",
  (name) => {
    const { file: bytes, parts } = file(tinyParts(pictures, 1_000_000), name);
    expect(parts).toBeGreaterThan(10 * LIMITS.pictureParts);
    expect(viewsOf(bytes)).toBeLessThan(40);
    expect(read(bytes).buffer.byteLength).toBeLessThan(bytes.length + 1_000);
  },
);

/** The picture with its pixels in chunks of so many bytes. */
function pngInChunks(png: Uint8Array, data: Uint8Array, size: number): Uint8Array {
  const chunks = Array.from({ length: Math.ceil(data.length / size) }, (_, index) =>
    pngChunk("IDAT", data.subarray(index * size, (index + 1) * size)),
  );
  return concat([png.subarray(0, 33), ...chunks, pngChunk("IEND", new Uint8Array())]);
}

test("a PNG of 10 MB in chunks of 512 bytes, smaller than any encoder's, is accepted", () => {
  const bytes = pngInChunks(pictures.png, new Uint8Array(LIMITS.uploadBytes - 300_000), 512);
  expect(read(bytes)).toHaveLength(bytes.length);
});

describe("a mask", () => {
  const mask = async () => {
    const png = await bytesOf(sharp(Buffer.alloc(64 * 48), { raw: { width: 64, height: 48, channels: 1 } }).png());
    const [pixels] = [...pngChunks(png)].filter(({ type }) => type === "IDAT");
    return { png, data: pixels ? dataOf(png, pixels) : new Uint8Array() };
  };

  test("in chunks of one byte is read", async () => {
    const { png, data } = await mask();
    expect(await readMaskPicture(pngInChunks(png, data, 1))).toMatchObject({ mask: { size: [48, 64] } });
  });

  test("with more chunks than any encoder writes is refused", async () => {
    const { png } = await mask();
    const { file: bytes } = file(tinyParts({ ...pictures, png }, 600_000), "PNG of empty pixels");
    expect(await readMaskPicture(bytes)).toBeNull();
  });

  test("with a side that no picture has is refused before its rows are kept", async () => {
    const rows = LIMITS.pictureSide + 1;
    const png = await bytesOf(sharp(Buffer.alloc(rows), { raw: { width: 1, height: rows, channels: 1 } }).png());
    expect(await readMaskPicture(png)).toBeNull();
    expect(() => sniffPicture(png)).toThrow(expect.objectContaining({ code: "picture_too_many_pixels" }));
  });
});
