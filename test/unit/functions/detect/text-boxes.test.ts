import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinRows, textBoxes } from "../../../../functions/detect/text-boxes.ts";

describe("textBoxes", () => {
  /** A map of 40 × 20 cells over a picture of 80 × 40 with filled parts. */
  function map(parts: ReadonlyArray<readonly [x: number, y: number, width: number, height: number]>, value = 0.9) {
    const data = new Float32Array(40 * 20);
    for (const [left, top, width, height] of parts) {
      for (let y = top; y < top + height; y++) data.fill(value, y * 40 + left, y * 40 + left + width);
    }
    return { data, width: 40, height: 20, box: { xmin: 0, ymin: 0, xmax: 80, ymax: 40 } };
  }

  it("grows a part back by 1.6 × area / perimeter, in picture coordinates", () => {
    const grow = (10 * 4 * 1.6) / (2 * 14);
    const [box] = textBoxes(map([[10, 8, 10, 4]]));
    expect(box?.xmin).toBeCloseTo(2 * (10 - grow), 4);
    expect(box?.ymax).toBeCloseTo(2 * (12 + grow), 4);
  });

  it("drops a part when it is thin or faint", () => {
    expect(textBoxes(map([[10, 8, 10, 2]]))).toEqual([]);
    expect(textBoxes(map([[10, 8, 10, 4]], 0.4))).toEqual([]);
    expect(textBoxes(map([]))).toEqual([]);
  });

  it("separates parts when they touch only at a corner", () => {
    expect(
      textBoxes(
        map([
          [2, 2, 8, 4],
          [10, 6, 8, 4],
        ]),
      ),
    ).toHaveLength(2);
  });
});

describe("joinRows", () => {
  const word = (xmin: number, xmax: number, ymin = 0, ymax = 20) => ({ xmin, ymin, xmax, ymax });

  it("joins the words of a row, in whatever order they come", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([word(0, 50), word(55, 90), word(95, 120)], { minLength: 3 }), (words) => {
        expect(joinRows(words)).toEqual([word(0, 120)]);
      }),
    );
  });

  it("keeps words apart when they are far away, in another row, or much larger", () => {
    for (const other of [word(65, 90), word(55, 90, 15, 35), word(55, 90, -20, 40)])
      expect(joinRows([word(0, 50), other])).toHaveLength(2);
  });
});
