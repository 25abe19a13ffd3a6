import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesFrom, type Plane, readAxis, resample } from "../../../../functions/segmentation/plane.ts";

const BOX = { xmin: 10, ymin: 20, xmax: 50, ymax: 40 };
const planes = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([width, height]) =>
    fc
      .array(fc.integer({ min: 0, max: 100 }), { minLength: width * height, maxLength: width * height })
      .map((values): Plane<Float32Array> => ({ data: Float32Array.from(values), width, height, box: BOX })),
  );

describe("readAxis", () => {
  it("reads halfway between two cells at the edge that they share", () => {
    const { low, high, weight } = readAxis(0, 40, 4, 9.5, 1, 1);
    expect([low[0], high[0], weight[0]]).toEqual([0, 1, 0.5]);
  });

  it("reads the outermost cell when the position lies beyond its centre", () => {
    const { low, high, weight } = readAxis(0, 40, 4, -100, 190, 2);
    expect([[...low], [...high], [...weight]]).toEqual([
      [0, 3],
      [1, 3],
      [0, 0],
    ]);
  });
});

describe("resample", () => {
  it("gives the plane back when grid and box stay the same", () => {
    fc.assert(
      fc.property(planes, (plane) => {
        const { data } = resample(plane, BOX, plane.width, plane.height);
        expect(data.every((value, cell) => Math.abs(value - (plane.data[cell] ?? 0)) < 1e-4)).toBe(true);
      }),
    );
  });

  it("stays within the values of the plane on any grid", () => {
    const side = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(planes, side, side, (plane, width, height) => {
        const [least, most] = [Math.min(...plane.data), Math.max(...plane.data)];
        for (const value of resample(plane, { xmin: 0, ymin: 25, xmax: 33, ymax: 60 }, width, height).data) {
          expect(value >= least - 1e-4 && value <= most + 1e-4).toBe(true);
        }
      }),
    );
  });
});

it("bytesFrom makes a byte of each value and its cell", () => {
  expect(bytesFrom(Float32Array.of(0.5, 0.2, 0.9), (value, cell) => (value > 0.3 ? cell + 1 : 0))).toEqual(
    Uint8Array.of(1, 0, 3),
  );
});
