import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { layCanvas } from "../../../../src/image/overlay/canvas.ts";

const side = fc.integer({ min: 1, max: 5000 });
const size = fc.record({ width: side, height: side });

describe("layCanvas", () => {
  test("keeps the picture inside the frame and its long side within the limits, for any size", () => {
    fc.assert(
      fc.property(size, (original) => {
        const { frame, picture, fontSize } = layCanvas(original);
        const long = Math.max(picture.width, picture.height);
        expect(long).toBeGreaterThanOrEqual(LIMITS.overlayLeastSide);
        expect(long).toBeLessThanOrEqual(LIMITS.overlaySide);
        expect(frame.width).toBeGreaterThanOrEqual(LIMITS.overlayLeastSide);
        expect(picture.x).toBeGreaterThanOrEqual(0);
        expect(picture.y).toBeGreaterThanOrEqual(0);
        expect(picture.x + picture.width).toBeLessThanOrEqual(frame.width);
        expect(picture.y + picture.height).toBeLessThanOrEqual(frame.height);
        expect(fontSize).toBeGreaterThanOrEqual(12);
        expect(fontSize).toBeLessThanOrEqual(30);
      }),
    );
  });

  test("places the whole picture's box on the drawn picture, for any size", () => {
    fc.assert(
      fc.property(size, (original) => {
        const { picture, place } = layCanvas(original);
        const placed = place({ xmin: 0, ymin: 0, xmax: original.width, ymax: original.height });
        expect(placed.xmin).toBe(picture.x);
        expect(placed.ymin).toBe(picture.y);
        expect(placed.xmax).toBeCloseTo(picture.x + picture.width);
        expect(placed.ymax).toBeCloseTo(picture.y + picture.height);
      }),
    );
  });

  test("centres a thin picture on a background as high as four lines", () => {
    const { frame, picture, fontSize } = layCanvas({ width: 2000, height: 1 });
    expect(picture).toEqual({ width: 1600, height: 1, x: 0, y: 83 });
    expect([frame.height, fontSize]).toEqual([168, 30]);
  });

  test("says that a picture is enlarged when its long side is below the limit", () => {
    const least = LIMITS.overlayLeastSide;
    expect(layCanvas({ width: least - 1, height: 10 }).enlarged).toBe(true);
    expect(layCanvas({ width: least, height: 10 }).enlarged).toBe(false);
  });
});
