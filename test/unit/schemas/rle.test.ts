import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compressCounts,
  decompressCounts,
  resizeRle,
  rleArea,
  rleAreaInside,
  rleBounds,
  rleIou,
} from "../../../schemas/rle.ts";
import { decodeRle, encodeRle } from "../../support/rle.ts";

const bitmap = fc
  .record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 24 }) })
  .chain((size) =>
    fc.record({
      size: fc.constant(size),
      data: fc.array(fc.integer({ min: 0, max: 1 }), {
        minLength: size.width * size.height,
        maxLength: size.width * size.height,
      }),
    }),
  );

test("decodes every mask that it encodes", () => {
  fc.assert(
    fc.property(bitmap, ({ size, data }) => {
      expect([...decodeRle(encodeRle(data, size))]).toEqual(data);
    }),
  );
});

test("decompresses counts of any size that it compresses", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 25_000_000 })), (counts) => {
      expect(decompressCounts(compressCounts(counts))).toEqual(counts);
    }),
  );
});

// Values that pycocotools 2.0.11 printed for the same masks: mask.encode(np.asfortranarray(…)).
test("writes the same string as pycocotools", () => {
  const square = Array.from({ length: 100 }, (_, i) => Number(i % 10 >= 2 && i % 10 < 7 && i >= 30 && i < 80));
  expect(encodeRle(square, { width: 10, height: 10 })).toEqual({ size: [10, 10], counts: "g0550000000k0" });
  const disc = Array.from({ length: 300 * 451 }, (_, i) =>
    Number(((i % 451) - 200) ** 2 + (Math.floor(i / 451) - 150) ** 2 < 120 ** 2),
  );
  const { counts } = encodeRle(disc, { width: 451, height: 300 });
  expect([counts.slice(0, 40), counts.length]).toEqual(["ckg0o0W8<E:G8H8I6J6J6K4L4K6K4L4L4L4M2M4L", 487]);
});

test("computes the area, the bounds and the overlap that counting pixels gives", () => {
  fc.assert(
    fc.property(bitmap, fc.nat(), ({ size, data }, seed) => {
      const other = data.map((value, index) => ((index * 7 + seed) % 3 === 0 ? 1 - value : value));
      const [a, b] = [encodeRle(data, size), encodeRle(other, size)];
      const set = data.flatMap((value, index) =>
        value ? [[index % size.width, Math.floor(index / size.width)] as const] : [],
      );
      expect(rleArea(a)).toBe(set.length);
      const union = data.filter((value, index) => value || other[index]).length;
      const shared = data.filter((value, index) => value && other[index]).length;
      expect(rleIou(a, b)).toBeCloseTo(union ? shared / union : 0);
      const bounds = rleBounds(a);
      if (set.length === 0) expect(bounds).toBeNull();
      else
        expect(bounds).toEqual({
          xmin: Math.min(...set.map(([x]) => x)),
          ymin: Math.min(...set.map(([, y]) => y)),
          xmax: Math.max(...set.map(([x]) => x)) + 1,
          ymax: Math.max(...set.map(([, y]) => y)) + 1,
        });
      const box = { xmin: 1.2, ymin: 0.5, xmax: 9.5, ymax: 7.7 };
      const inside = set.filter(
        ([x, y]) => x + 0.5 >= box.xmin && x + 0.5 < box.xmax && y + 0.5 >= box.ymin && y + 0.5 < box.ymax,
      );
      expect(rleAreaInside(a, box)).toBe(inside.length);
    }),
  );
});

test("takes each pixel of a resized mask from the nearest one", () => {
  fc.assert(
    fc.property(
      bitmap,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
      ({ size, data }, width, height) => {
        const expected = Array.from({ length: width * height }, (_, index) => {
          const x = Math.floor((((index % width) + 0.5) * size.width) / width);
          const y = Math.floor(((Math.floor(index / width) + 0.5) * size.height) / height);
          return data[y * size.width + x];
        });
        expect([...decodeRle(resizeRle(encodeRle(data, size), { width, height }))]).toEqual(expected);
      },
    ),
  );
});

test("throws a RangeError when a string is malformed or does not fill its size", () => {
  expect(() => decompressCounts("\u0001")).toThrow(RangeError);
  expect(() => decodeRle({ size: [2, 2], counts: compressCounts([1, 1]) })).toThrow(RangeError);
});
