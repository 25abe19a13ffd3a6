import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import {
  canonicalRle,
  compressCounts,
  decompressCounts,
  encodeColumns,
  encodeRuns,
  resizeRle,
  rleArea,
  rleAreaInside,
  rleBounds,
  rleDifference,
  rleIntersection,
  rleIou,
  rleRuns,
  rleShared,
  rleUnion,
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

/**
 * An encoder of its own, from what pycocotools documents of rleEncode and rleToString: the runs of the mask's columns,
 * and for each the fewest groups of 5 bits that hold it in two's complement.
 */
function writtenByCoco(data: readonly number[], { width, height }: { width: number; height: number }): string {
  const pixels = Array.from({ length: width }, (_, x) => Array.from({ length: height }, (_, y) => data[y * width + x]));
  const runs = pixels.flat().join("").match(/0+|1+/g) ?? [];
  const lengths = [...(pixels[0]?.[0] ? [0] : []), ...runs.map((run) => run.length)];
  const numbers = lengths.map((length, index) => (index < 3 ? length : length - (lengths[index - 2] ?? 0)));
  return numbers
    .map((number) => {
      let groups = 1;
      while (number < -(2 ** (5 * groups - 1)) || number >= 2 ** (5 * groups - 1)) groups++;
      const bits = (number < 0 ? number + 32 ** groups : number).toString(32).padStart(groups, "0");
      return [...bits]
        .reverse()
        .map((digit, index) => String.fromCharCode(48 + parseInt(digit, 32) + (index < groups - 1 ? 32 : 0)))
        .join("");
    })
    .join("");
}

// Few runs as well as many, so that masks often reach the first and the last pixel.
const anyBitmap = fc.oneof(
  bitmap,
  fc
    .record({ size: fc.constant({ width: 40, height: 50 }), ends: fc.array(fc.nat(2_000), { maxLength: 6 }) })
    .map(({ size, ends }) => ({
      size,
      data: Array.from({ length: 2_000 }, (_, index) => {
        const place = (index % size.width) * size.height + Math.floor(index / size.width);
        return ends.filter((end) => end <= place).length % 2;
      }),
    })),
);

test("writes the same string as an encoder of its own, whichever way the mask came", () => {
  fc.assert(
    fc.property(anyBitmap, ({ size, data }) => {
      const mask = { size: [size.height, size.width] as [number, number], counts: writtenByCoco(data, size) };
      const runs = rleRuns(mask);
      const columns = Array.from({ length: size.width }, (_, x) =>
        Array.from({ length: size.height }, (_, y) => (data[y * size.width + x] ? [y, y + 1] : [y, y])).flat(),
      );
      expect([...decodeRle(mask)]).toEqual(data);
      expect(encodeRuns(runs, mask.size)).toEqual(mask);
      expect(encodeColumns(columns, size)).toEqual(mask);
      expect(canonicalRle(mask)).toEqual(mask);
    }),
  );
});

test("gives a mask one string, however its runs are split and its numbers are written", () => {
  fc.assert(
    fc.property(anyBitmap, fc.array(fc.nat(20), { maxLength: 8 }), fc.boolean(), ({ size, data }, splits, isLong) => {
      const mask = { size: [size.height, size.width] as [number, number], counts: writtenByCoco(data, size) };
      const counts = decompressCounts(mask.counts);
      // An empty run inside another one, and two at the end.
      for (const split of splits) {
        const index = split % counts.length;
        const part = Math.floor((counts[index] ?? 0) / 2);
        counts.splice(index, 1, part, 0, (counts[index] ?? 0) - part);
      }
      if (splits.length > 0) counts.push(0, 0);
      // The last group of a last number, 0, carried on by one more of the same sign.
      const last = compressCounts(counts);
      const written = isLong && last.endsWith("0") ? `${last.slice(0, -1)}P0` : last;
      expect(canonicalRle({ size: mask.size, counts: written })).toEqual(mask);
    }),
  );
});

test.each([
  ["with an empty run at the end", [1, 3, 0], [1, 3]],
  ["with empty runs inside", [1, 1, 0, 1, 1, 0], [1, 2, 1]],
  ["that starts with two empty runs", [0, 0, 1, 3], [1, 3]],
  ["without a set pixel, and an empty run", [4, 0], [4]],
  ["of set pixels alone, and an empty run", [0, 4, 0], [0, 4]],
])("writes a mask %s as pycocotools does", (_, counts, expected) => {
  const size: [number, number] = [2, 2];
  const canonical = canonicalRle({ size, counts: compressCounts(counts) });
  expect(canonical).toEqual({ size, counts: compressCounts(expected) });
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

/** A mask whose rows are set in turn: few runs in each column. */
const striped = (width: number, height: number) =>
  encodeColumns(
    Array.from({ length: width }, () => Array.from({ length: height }, (_, edge) => edge)),
    { width, height },
  );

test("throws a RangeError when a mask would get too many runs, written or enlarged", () => {
  expect(() =>
    encodeRuns(
      Array.from({ length: LIMITS.maskCounts }, (_, at) => [2 * at, 2 * at + 1]),
      [1e3, 1e4],
    ),
  ).toThrow(RangeError);
  expect(() => decompressCounts("1".repeat(LIMITS.maskLength + 1))).toThrow(RangeError);
  const mask = striped(200, 200);
  expect(rleArea(resizeRle(mask, { width: 400, height: 400 }))).toBe(400 * 200);
  expect(() => resizeRle(mask, { width: 5_000, height: 5_000 })).toThrow(RangeError);
});

test("finds the bounds of a mask by its runs, however many columns one has", () => {
  const smaller = vi.spyOn(Math, "min");
  const bounds = rleBounds({ size: [1, 10_000], counts: compressCounts([10, 9_000, 990]) });
  const steps = smaller.mock.calls.length;
  smaller.mockRestore();
  expect(bounds).toEqual({ xmin: 10, ymin: 0, xmax: 9_010, ymax: 1 });
  expect(steps).toBeLessThan(10);
});

test("joins two masks, and divides one into what the other has and has not, as their pixels say", () => {
  const two = fc.integer({ min: 1, max: 12 }).chain((width) => {
    const data = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 3 * width, maxLength: 3 * width });
    return fc.record({ size: fc.constant({ width, height: 3 }), a: data, b: data });
  });
  fc.assert(
    fc.property(two, ({ size, a, b }) => {
      const [first, second] = [encodeRle(a, size), encodeRle(b, size)];
      const both = a.map((value, index) => value * (b[index] ?? 0));
      expect([...decodeRle(rleIntersection(first, second))]).toEqual(both);
      expect([...decodeRle(rleDifference(first, second))]).toEqual(a.map((value, index) => value - (both[index] ?? 0)));
      expect([...decodeRle(rleUnion(first, second))]).toEqual(a.map((value, index) => value | (b[index] ?? 0)));
      expect(rleShared(first, second)).toBe(both.filter((value) => value === 1).length);
    }),
  );
});
