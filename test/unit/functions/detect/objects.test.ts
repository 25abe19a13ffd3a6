import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readObjects } from "../../../../functions/detect/objects.ts";
import { boxArea, intersectBoxes } from "../../../../schemas/geometry.ts";

const SIZE = { width: 200, height: 100 };
const CAT = 17;
const DOG = 18;

/** Scores of one anchor: 91 classes, one of them with a score. */
function scores(...anchors: ReadonlyArray<readonly [number, number]>): Float32Array {
  const values = new Float32Array(anchors.length * 91);
  anchors.forEach(([number, score], anchor) => {
    values[anchor * 91 + number] = score;
  });
  return values;
}

describe("readObjects", () => {
  const quarter = [0.25, 0.25, 0.75, 0.75];
  const still = [0, 0, 0, 0];

  it("returns the anchor when it is not moved", () => {
    expect(readObjects(new Float32Array(still), scores([CAT, 0.875]), new Float32Array(quarter), SIZE)).toEqual([
      { label: "cat", score: 0.875, box: { xmin: 50, ymin: 25, xmax: 150, ymax: 75 } },
    ]);
  });

  it("moves the centre by tenths of the anchor, and scales it by the exponential of fifths", () => {
    const encodings = new Float32Array([1, -1, 5 * Math.log(1.2), 5 * Math.log(0.5)]);
    const [found] = readObjects(encodings, scores([CAT, 0.9]), new Float32Array(quarter), SIZE);
    expect(found?.box.ymin).toBeCloseTo(55 - 30, 4);
    expect(found?.box.ymax).toBeCloseTo(55 + 30, 4);
    expect(found?.box.xmin).toBeCloseTo(90 - 25, 4);
    expect(found?.box.xmax).toBeCloseTo(90 + 25, 4);
  });

  it("drops a detection when its score is low, or its class is the background or unused by COCO", () => {
    for (const [number, score] of [
      [CAT, 0.14],
      [0, 0.99],
      [12, 0.99],
    ] as const) {
      expect(readObjects(new Float32Array(still), scores([number, score]), new Float32Array(quarter), SIZE)).toEqual(
        [],
      );
    }
  });

  it("keeps the higher score when two boxes of one class overlap, and both when the classes differ", () => {
    const anchors = new Float32Array([...quarter, 0.25, 0.25, 0.75, 0.8, ...quarter]);
    const found = readObjects(new Float32Array(12), scores([CAT, 0.5], [CAT, 0.75], [DOG, 0.625]), anchors, SIZE);
    expect(found.map(({ label, score }) => [label, score])).toEqual([
      ["cat", 0.75],
      ["dog", 0.625],
    ]);
  });

  it("keeps every box inside the picture", () => {
    const value = fc.float({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(value, value, value, value), (encodings) => {
        for (const { box } of readObjects(
          new Float32Array(encodings),
          scores([CAT, 0.9]),
          new Float32Array(quarter),
          SIZE,
        )) {
          expect(boxArea(box)).toBeGreaterThan(0);
          expect(boxArea(intersectBoxes(box, { xmin: 0, ymin: 0, xmax: SIZE.width, ymax: SIZE.height }))).toBeCloseTo(
            boxArea(box),
            6,
          );
        }
      }),
    );
  });
});
