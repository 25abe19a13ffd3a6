import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { RleMask } from "../../../../schemas/primitives.ts";
import { decodeRle, encodeRle } from "../../../../schemas/rle.ts";
import { encodeMaskPng } from "../../../../src/image/mask-png.ts";
import { readMaskPng } from "../../../../src/image/read-mask-png.ts";
import { retryAfterMs } from "../../../../src/providers/retry-after.ts";
import { CONVENTIONS, countsAs, readBox } from "../../../../src/stages/replies/coordinates.ts";
import {
  maskOfCoco,
  maskOfPicture,
  maskOfPlainPicture,
  maskOfPolygons,
  maskOfStarts,
  maskOfText,
  readingsOfStarts,
} from "../../../../src/stages/replies/read-mask.ts";

const SENT = { width: 200, height: 100 };
const WANTED = { xmin: 20, ymin: 30, xmax: 120, ymax: 80 };

describe("boxes: every convention of hosted-apis section 3.4 gives the same box", () => {
  const rows: Array<[source: keyof typeof CONVENTIONS, numbers: number[]]> = [
    ["grounding-dino", [20, 30, 120, 80]],
    ["owlvit", [20, 30, 120, 80]],
    ["florence-2", [20, 30, 120, 80]],
    ["florence-2-fal", [20, 30, 100, 50]],
    ["moondream", [0.1, 0.3, 0.6, 0.8]],
    ["qwen2-vl", [100, 300, 600, 800]],
    ["qwen3-vl", [100, 300, 600, 800]],
    ["glm-v", [100, 300, 600, 800]],
    ["gemini", [300, 100, 800, 600]],
    ["kosmos-2", [0.1, 0.3, 0.6, 0.8]],
    ["huggingface-detection", [20, 30, 120, 80]],
    ["fal-sam3", [0.35, 0.55, 0.5, 0.5]],
    ["segment-anything-tryout", [20, 30, 100, 50]],
    ["roboflow", [70, 55, 100, 50]],
    ["ofa", [20, 30, 120, 80]],
    ["ofa-bins", [99.9, 299.7, 599.4, 799.2]],
  ];
  test.each(rows)("%s", (source, numbers) => {
    const box = readBox(numbers, CONVENTIONS[source], SENT);
    for (const side of ["xmin", "ymin", "xmax", "ymax"] as const) expect(box?.[side]).toBeCloseTo(WANTED[side], 9);
  });

  test("qwen2.5-vl counts in the picture that it resized", () => {
    expect(readBox([28, 42, 168, 112], CONVENTIONS["qwen2.5-vl"], SENT, { width: 280, height: 140 })).toEqual(WANTED);
  });

  test("every source has a row", () => {
    expect(new Set([...rows.map(([source]) => source), "qwen2.5-vl"])).toEqual(new Set(Object.keys(CONVENTIONS)));
  });

  test.each([
    [null],
    [[1, 2, 3]],
    [["1", 2, 3, 4]],
    [[Number.NaN, 0, 5, 5]],
    [[0, 0, 0, 0]],
    [[50, 50, 20, 80]],
    [[900, 0, 990, 50]],
  ])("%j is no box", (numbers) => {
    expect(readBox(numbers, CONVENTIONS.owlvit, SENT)).toBeNull();
  });

  test.each<[source: keyof typeof CONVENTIONS, numbers: [number, number, number, number], counts: boolean]>([
    ["moondream", [-0.05, 0, 1.05, 1], true],
    ["moondream", [0, 0, 1.06, 1], false],
    ["moondream", [20, 30, 120, 80], false],
    ["gemini", [-50, -50, 1050, 1050], true],
    ["gemini", [0, 0, 1060, 1000], false],
    // Its sides are those of the picture in its own order: 200 by 100.
    ["qwen2.5-vl", [-10, -5, 210, 105], true],
    ["qwen2.5-vl", [0, 0, 105, 210], false],
    // A corner and two sides: the other corner counts.
    ["segment-anything-tryout", [100, 50, 120, 10], false],
    ["moondream", [Number.NaN, 0, 1, 1], false],
  ])("%s: %j may have been counted so: %s", (source, numbers, counts) => {
    expect(countsAs(numbers, CONVENTIONS[source], SENT, 0.05)).toBe(counts);
  });

  test("what sticks out is cut off", () => {
    expect(readBox([-20, -5, 500, 60], CONVENTIONS.owlvit, SENT)).toEqual({ xmin: 0, ymin: 0, xmax: 200, ymax: 60 });
  });
});

const drawn = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 12 }))
  .chain(([width, height]) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
      .map((data) => ({ data, width, height })),
  );
const MASK = encodeRle(
  Uint8Array.from({ length: 60 }, (_, index) => Number(index % 10 >= 3 && index % 10 < 7 && index >= 20)),
  { width: 10, height: 6 },
);
const pixels = (mask: RleMask) => decodeRle(mask);

/** The mask as a picture that sharp writes, each pixel from whether it is set. */
async function picture(
  mask: RleMask,
  channels: 1 | 2 | 3 | 4,
  of: (set: number) => number[],
  options = {},
): Promise<Uint8Array> {
  const [height, width] = mask.size;
  const data = Buffer.from([...pixels(mask)].flatMap(of));
  return new Uint8Array(await sharp(data, { raw: { width, height, channels } }).png(options).toBuffer());
}

describe("masks: every form of hosted-apis section 3.5 gives the same mask", () => {
  test("a PNG of ours is read back, whatever it shows", async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async ({ data, width, height }) => {
        const mask = encodeRle(data, { width, height });
        expect(await readMaskPng(await encodeMaskPng(mask))).toEqual(mask);
      }),
    );
  });

  test("a PNG of sharp's, which filters its rows, is read whatever it shows", async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async ({ data, width, height }) => {
        const mask = encodeRle(data, { width, height });
        expect(
          await readMaskPng(
            await picture(mask, 3, (set) => (set ? [250, 180, 200] : [9, 60, 3]), { adaptiveFiltering: true }),
          ),
        ).toEqual(mask);
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ["grey", 1, (set: number) => [set * 255], {}],
    ["colour", 3, (set: number) => (set ? [255, 200, 180] : [20, 0, 40]), {}],
    ["a palette", 3, (set: number) => (set ? [255, 255, 255] : [0, 0, 0]), { palette: true }],
    ["a cut-out: alpha over any colour", 4, (set: number) => [10, 10, 10, set * 255], {}],
    ["a cut-out with a palette", 4, (set: number) => (set ? [10, 10, 10, 255] : [0, 0, 0, 0]), { palette: true }],
    ["opaque with an alpha channel", 4, (set: number) => [set * 255, set * 255, set * 255, 255], {}],
    ["grey with alpha", 2, (set: number) => [128, set * 255], {}],
  ] as const)("PNG, %s", async (_, channels, of, options) => {
    expect(await maskOfPicture(await picture(MASK, channels, of, options))).toEqual(MASK);
  });

  test("what is drawn on a photo is no plain picture of a mask; black and white, and a cut-out of any photo, are", async () => {
    const noise = (index: number) => (index * 97) % 256;
    let index = 0;
    const photo = () => [noise(index++), noise(index++), noise(index++)];
    await expect(maskOfPlainPicture(await picture(MASK, 3, photo))).rejects.toMatchObject({ code: "invalid_output" });
    await expect(
      maskOfPlainPicture(await picture(MASK, 4, (set) => [...photo(), set ? 153 : 0])),
    ).rejects.toMatchObject({
      code: "invalid_output",
    });
    expect(await maskOfPlainPicture(await picture(MASK, 4, (set) => [...photo(), set * 255]))).toEqual(MASK);
    expect(await maskOfPlainPicture(await picture(MASK, 1, (set) => [set ? 250 : 5]))).toEqual(MASK);
  });

  test("PNG of sixteen bits", async () => {
    const data = Uint16Array.from(pixels(MASK), (set) => set * 65_535);
    const png = await sharp(data, { raw: { width: 10, height: 6, channels: 1 } })
      .toColourspace("grey16")
      .png()
      .toBuffer();
    expect((await sharp(png).metadata()).depth).toBe("ushort");
    expect(await maskOfPicture(new Uint8Array(png))).toEqual(MASK);
  });

  test("PNG in a data URL and in base64", async () => {
    const base64 = Buffer.from(await encodeMaskPng(MASK)).toString("base64");
    expect(await maskOfText(base64)).toEqual(MASK);
    expect(await maskOfText(`data:image/png;base64,${base64}`)).toEqual(MASK);
  });

  test("COCO's RLE, compressed and not", () => {
    expect(maskOfCoco(MASK.size, MASK.counts)).toEqual(MASK);
    expect(maskOfCoco([2, 2], [1, 2, 1])).toEqual(encodeRle([0, 1, 1, 0], { width: 2, height: 2 }));
    expect(() => maskOfCoco([2, 2], [1, 2])).toThrow("does not fill its size");
  });

  test("pairs of start and length, along rows or columns, from 0 or 1", () => {
    const box = { xmin: 3, ymin: 2, xmax: 7, ymax: 6 };
    const rows = [2, 3, 4, 5].flatMap((y) => [y * 10 + 3, 4]);
    const columns = [3, 4, 5, 6].flatMap((x) => [x * 6 + 2, 4]);
    const fromOne = (numbers: number[]) => numbers.map((number, index) => number + Number(index % 2 === 0));
    for (const numbers of [rows, columns, fromOne(rows), fromOne(columns)]) {
      expect(maskOfStarts(numbers, { width: 10, height: 6 }, box)).toEqual(MASK);
    }
    expect(() => maskOfStarts([58, 9], { width: 10, height: 6 }, box)).toThrow("outside the picture");
  });

  test("pairs of any mask are read back, whatever it shows", () => {
    fc.assert(
      fc.property(drawn, fc.boolean(), fc.integer({ min: 0, max: 1 }), ({ data, width, height }, byRows, first) => {
        const pixel = (index: number) => (byRows ? index : (index % height) * width + Math.floor(index / height));
        const set = Array.from(data, (_, index) => data[pixel(index)] === 1);
        const runs = set.flatMap((value, index) => {
          if (!value || set[index - 1]) return [];
          const end = set.indexOf(false, index);
          return [index + first, (end === -1 ? set.length : end) - index];
        });
        fc.pre(runs.length > 0);
        expect(readingsOfStarts(runs, { width, height })).toContainEqual(encodeRle(data, { width, height }));
      }),
    );
  });

  test.each([[[10, 5, 12, 5]], [[12, 5, 10, 1]], [[-1, 4]], [[3, 0]], [[3, -2]], [[Number.NaN, 4]], [[3]]])(
    "%j are no pairs",
    (numbers) => {
      expect(() => readingsOfStarts(numbers, { width: 10, height: 6 })).toThrow("overlap or lie outside the picture");
    },
  );

  test("polygons", () => {
    expect(maskOfPolygons([[3, 2, 7, 2, 7, 6, 3, 6]], { width: 10, height: 6 })).toEqual(MASK);
  });

  test.each([
    ["JPEG", Uint8Array.of(0xff, 0xd8, 0xff), "a JPEG mask"],
    ["nothing", new Uint8Array(), "not a PNG"],
    ["a page", new TextEncoder().encode("<html>"), "not a PNG"],
  ])("%s is refused by name", async (_, bytes, detail) => {
    await expect(maskOfPicture(bytes)).rejects.toMatchObject({
      code: "invalid_output",
      detail: expect.stringContaining(detail),
    });
  });

  test("a PNG that is cut off, or whose rows are too many, is no mask", async () => {
    const png = await encodeMaskPng(MASK);
    for (let length = 9; length < png.length - 13; length += 3)
      expect(await readMaskPng(png.slice(0, length))).toBeNull();
    const shorter = png.slice();
    new DataView(shorter.buffer).setUint32(20, 5);
    expect(await readMaskPng(shorter)).toBeNull();
  });
});

describe("when to come back", () => {
  const NOW = Date.UTC(2026, 10, 23, 12);
  test.each([
    [{ "retry-after": "3" }, "", 3000],
    [{ "retry-after": "0" }, "", 0],
    [{ "retry-after": new Date(NOW + 5000).toUTCString() }, "", 5000],
    [{ "retry-after": new Date(NOW - 5000).toUTCString() }, "", 0],
    [{ "retry-after-ms": "250", "retry-after": "9" }, "", 250],
    [{ "ratelimit-reset": "30" }, "", 30_000],
    [{ "x-ratelimit-reset-requests": "6m0s" }, "", 360_000],
    [{ "x-ratelimit-reset-requests": "120ms" }, "", 120],
    [{ "x-ratelimit-reset": String(NOW / 1000 + 7) }, "", 7000],
    [{ "x-ratelimit-reset": String(NOW + 7) }, "", 7],
    [{}, '{"detail": "Request was throttled. Your rate limit resets in ~30s."}', 30_000],
    [{}, "Please try again in 1.5 seconds.", 1500],
    [{}, "Please try again in 20ms.", 20],
    [{}, "retry after 2 minutes", 120_000],
    [{}, "Rate limit reached: 600 requests per minute", null],
    [{ "retry-after": "soon" }, "", null],
    [{}, "", null],
  ] as Array<[Record<string, string>, string, number | null]>)("%j %s", (headers, body, wait) => {
    expect(retryAfterMs(new Headers(headers), body, NOW)).toBe(wait);
  });

  test("is a wait of no less than nothing, whatever was said", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, body) => {
        const headers = new Headers();
        try {
          headers.set("retry-after", value);
        } catch {
          return;
        }
        const wait = retryAfterMs(headers, body, NOW);
        expect(wait === null || (Number.isInteger(wait) && wait >= 0)).toBe(true);
      }),
    );
  });
});
