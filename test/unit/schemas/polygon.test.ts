import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { cocoOfRle, polygonsOfRle, rleOf, rleOfPolygons } from "../../../schemas/polygon.ts";
import type { PolygonMask } from "../../../schemas/primitives.ts";
import { encodeRuns, rleArea } from "../../../schemas/rle.ts";
import { decodeRle, drawn, encodeRle } from "../../support/rle.ts";

const masks = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([width, height]) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
      .map((data) => encodeRle(data, { width, height })),
  );

/** Twice the signed area; positive for a ring that runs clockwise with y down. */
const area = (ring: readonly number[]) =>
  ring.reduce((sum, value, index) => {
    if (index % 2 === 1) return sum;
    const [x1, y1] = [ring[(index + 2) % ring.length] ?? 0, ring[(index + 3) % ring.length] ?? 0];
    return sum + value * y1 - x1 * (ring[index + 1] ?? 0);
  }, 0);

describe("masks as polygons", () => {
  it("gives every mask back", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        expect(rleOfPolygons(polygonsOfRle(mask))).toEqual(mask);
      }),
      { numRuns: 500 },
    );
  });

  it("winds the outer ring one way and its holes the other, with corners only where the outline turns", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        for (const [outer = [], ...holes] of polygonsOfRle(mask).polygons) {
          expect(area(outer)).toBeGreaterThan(0);
          for (const hole of holes) expect(area(hole)).toBeLessThan(0);
          for (const ring of [outer, ...holes]) {
            for (let corner = 0; corner < ring.length; corner += 2) {
              const [x0, y0, x1, y1, x2, y2] = Array.from(
                { length: 6 },
                (_, step) => ring[(corner + step) % ring.length] ?? 0,
              ) as [number, number, number, number, number, number];
              expect((x1 - x0) * (y2 - y1) - (y1 - y0) * (x2 - x1)).not.toBe(0);
            }
          }
        }
      }),
    );
  });

  it("draws one pixel clockwise", () => {
    expect(polygonsOfRle(drawn("...", ".#.", "...")).polygons).toEqual([[[2, 1, 2, 2, 1, 2, 1, 1]]]);
  });

  it("keeps a hole in its part, and an island in the hole as a part of its own", () => {
    const { polygons } = polygonsOfRle(drawn("#####", "#...#", "#.#.#", "#...#", "#####"));
    expect(polygons.map((rings) => rings.length)).toEqual([2, 1]);
  });

  it("parts pixels that touch at a corner", () => {
    expect(polygonsOfRle(drawn("#.", ".#")).polygons).toHaveLength(2);
  });

  it("gives no polygon for an empty mask", () => {
    expect(polygonsOfRle(drawn("..", ".."))).toEqual({ size: [2, 2], polygons: [] });
    expect(rleOfPolygons({ size: [2, 2], polygons: [] })).toEqual(drawn("..", ".."));
  });

  it("fills polygons with corners between pixels and outside the picture", () => {
    const triangle = { size: [4, 4] as [number, number], polygons: [[[-1, -1, 9, -1, -1, 9]]] };
    expect(rleOfPolygons(triangle)).toEqual(drawn("####", "####", "####", "####"));
    const box = { size: [4, 4] as [number, number], polygons: [[[0.6, 0.4, 3.4, 0.4, 3.4, 2.6, 0.6, 2.6]]] };
    expect(rleOfPolygons(box)).toEqual(drawn(".##.", ".##.", ".##.", "...."));
  });
});

describe("masks as COCO's polygons", () => {
  /** The pixels around whose centre a ring turns an odd number of times; the union of all rings. */
  const rasterised = (segmentation: readonly number[][], { width, height }: { width: number; height: number }) =>
    Array.from({ length: width * height }, (_, pixel) => {
      const [x, y] = [(pixel % width) + 0.5, Math.floor(pixel / width) + 0.5];
      const isAround = (ring: readonly number[]) => {
        let isInside = false;
        for (let corner = 0; corner < ring.length; corner += 2) {
          const [x0, y0, x1, y1] = [0, 1, 2, 3].map((offset) => ring[(corner + offset) % ring.length] ?? 0) as [
            number,
            number,
            number,
            number,
          ];
          // Edges that a way to the right crosses.
          if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) isInside = !isInside;
        }
        return isInside;
      };
      return Number(segmentation.some(isAround));
    });

  it("are flat rings without holes that fill exactly the mask", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const { size, segmentation } = cocoOfRle(mask);
        expect(size).toEqual(mask.size);
        expect(rasterised(segmentation, { width: size[1], height: size[0] })).toEqual([...decodeRle(mask)]);
        // No ring is a hole, and none covers what another does.
        expect(segmentation.every((ring) => ring.length >= 8 && ring.length % 2 === 0 && area(ring) > 0)).toBe(true);
        expect(segmentation.reduce((sum, ring) => sum + area(ring) / 2, 0)).toBe(rleArea(mask));
      }),
      { numRuns: 500 },
    );
  });

  it("are read back as the mask, like the other forms", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        for (const form of [mask, polygonsOfRle(mask), cocoOfRle(mask)]) expect(rleOf(form)).toEqual(mask);
      }),
    );
  });

  // pycocotools 2.0.11: merge(frPyObjects(segmentation, 5, 5)) gives "063LNO0124".
  it("go along a slit into a hole, around it and back", () => {
    const mask = drawn("#####", "#...#", "#.#.#", "#...#", "#####");
    expect(mask.counts).toBe("063LNO0124");
    expect(cocoOfRle(mask)).toEqual({
      size: [5, 5],
      segmentation: [
        [5, 0, 5, 5, 1, 5, 1, 4, 4, 4, 4, 1, 1, 1, 1, 5, 0, 5, 0, 0],
        [3, 2, 3, 3, 2, 3, 2, 2],
      ],
    });
  });

  it("has the same rings as polygons when no part has a hole", () => {
    const mask = drawn("##..#", "#...#", "..#..");
    expect(cocoOfRle(mask).segmentation).toEqual(polygonsOfRle(mask).polygons.flat());
    expect(cocoOfRle(drawn("..", ".."))).toEqual({ size: [2, 2], segmentation: [] });
  });
});

describe("rleOfPolygons", () => {
  const SIZE: [number, number] = [20, 20];
  const mask = (polygons: number[][][]) => rleOfPolygons({ size: SIZE, polygons });
  const polygonsOf = (corner: fc.Arbitrary<number>) => {
    const ring = fc.array(fc.tuple(corner, corner), { minLength: 3, maxLength: 6 }).map((corners) => corners.flat());
    return fc.array(fc.array(ring, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 });
  };
  // Corners off every grid, so that no pixel's centre lies on an edge.
  const between = fc.integer({ min: -5_000, max: 25_000 }).map((value) => value / 997 + Math.SQRT2 / 7_919);

  it("fills the pixels whose centres lie inside", () => {
    const triangle = rleOfPolygons({ size: [4, 4], polygons: [[[0, 0, 4, 0, 0, 4]]] });
    expect(triangle).toEqual(drawn("###.", "##..", "#...", "...."));
  });

  it("gives a rectangle its area, cut at the picture, whichever way it winds", () => {
    const edge = fc.integer({ min: -5, max: 25 });
    fc.assert(
      fc.property(edge, edge, edge, edge, fc.boolean(), (x1, y1, x2, y2, isReversed) => {
        const ring = isReversed ? [x1, y2, x2, y2, x2, y1, x1, y1] : [x1, y1, x2, y1, x2, y2, x1, y2];
        const inside = (value: number) => Math.max(0, Math.min(20, value));
        const expected = Math.abs(inside(x1) - inside(x2)) * Math.abs(inside(y1) - inside(y2));
        expect(rleArea(mask([[ring]]))).toBe(expected);
      }),
    );
  });

  it("joins polygons when they overlap, and leaves a polygon's hole open", () => {
    const square = [0, 0, 3, 0, 3, 3, 0, 3];
    expect(rleArea(mask([[square], [square]]))).toBe(9);
    expect(rleArea(mask([[square, [1, 1, 2, 1, 2, 2, 1, 2]]]))).toBe(8);
  });

  it("sets exactly the pixels whose centre an odd number of a polygon's edges lies above", () => {
    const isInside = (rings: readonly number[][], x: number, y: number) =>
      rings
        .flatMap((ring) =>
          Array.from({ length: ring.length / 2 }, (_, corner) => {
            const at = (offset: number) => ring[(2 * corner + offset) % ring.length] ?? 0;
            const [x0, y0, x1, y1] = [at(0), at(1), at(2), at(3)];
            return x0 < x !== x1 < x && y0 + ((x - x0) / (x1 - x0)) * (y1 - y0) < y;
          }),
        )
        .filter(Boolean).length %
        2 ===
      1;
    fc.assert(
      fc.property(polygonsOf(between), (polygons) => {
        const expected = Array.from({ length: 400 }, (_, pixel) => {
          const [x, y] = [(pixel % 20) + 0.5, Math.floor(pixel / 20) + 0.5];
          return Number(polygons.some((rings) => isInside(rings, x, y)));
        });
        expect([...decodeRle(mask(polygons))]).toEqual(expected);
      }),
    );
  });

  it("does not depend on the direction of scanning when no pixel's centre lies on an edge", () => {
    const transposed = ({ polygons }: PolygonMask) =>
      polygons.map((rings) =>
        rings.map((ring) => ring.map((_, index) => ring[index % 2 === 0 ? index + 1 : index - 1] ?? 0)),
      );
    fc.assert(
      fc.property(polygonsOf(between), (polygons) => {
        const [data, other] = [decodeRle(mask(polygons)), decodeRle(mask(transposed({ size: SIZE, polygons })))];
        expect([...other]).toEqual([...data].map((_, pixel) => data[(pixel % 20) * 20 + Math.floor(pixel / 20)]));
      }),
    );
  });

  it("gives a centre on an edge to the shape to its right or below, so that shapes side by side share no pixel", () => {
    const left = mask([[[0, 0, 2.5, 0, 2.5, 4, 0, 4]]]);
    const right = mask([[[2.5, 0, 5, 0, 5, 4, 2.5, 4]]]);
    expect([rleArea(left), rleArea(right)]).toEqual([8, 12]);
    const slanted = [mask([[[0, 0, 4, 0, 0, 4]]]), mask([[[4, 0, 4, 4, 0, 4]]])];
    expect(slanted.map(rleArea)).toEqual([6, 10]);
  });
});

describe("a mask of few runs with a long outline", () => {
  const [width, height] = [100, 10_000];
  const stripes = encodeRuns(
    Array.from({ length: width / 2 }, (_, index) => [2 * index * height, (2 * index + 1) * height] as const),
    [height, width],
  );

  it.each([
    ["polygons", () => polygonsOfRle(stripes).polygons],
    ["COCO's polygons", () => cocoOfRle(stripes).segmentation],
  ])("is traced as %s by its runs and not by its pixels", (_, trace) => {
    const looks = vi.spyOn(Map.prototype, "get");
    const rings = trace().length;
    const count = looks.mock.calls.length;
    looks.mockRestore();
    expect(rings).toBe(50);
    expect(count).toBeLessThan(10_000);
  });

  it("joins the runs of two columns without comparing each with each", () => {
    const columns = Array.from({ length: 4 }, (_, x) =>
      Array.from({ length: 500 }, (__, run) => [x * 2_000 + run * 4, x * 2_000 + run * 4 + 2] as const),
    ).flat();
    const mask = encodeRuns(columns, [2_000, 4]);
    expect(polygonsOfRle(mask).polygons).toHaveLength(500);
  });
});
