import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readObjects } from "../../../../functions/detect/objects.ts";
import { planarTensor } from "../../../../functions/detect/tensor.ts";
import { joinRows, textBoxes } from "../../../../functions/detect/text-boxes.ts";
import { decodeLine } from "../../../../functions/detect/text-line.ts";
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

  it("puts an anchor that is not moved where it stands", () => {
    expect(readObjects(new Float32Array(still), scores([CAT, 0.875]), new Float32Array(quarter), SIZE)).toEqual([
      { label: "cat", score: 0.875, box: { xmin: 50, ymin: 25, xmax: 150, ymax: 75 } },
    ]);
  });

  it("moves the centre by tenths of the anchor and grows it by the exponential of fifths", () => {
    const encodings = new Float32Array([1, -1, 5 * Math.log(1.2), 5 * Math.log(0.5)]);
    const [found] = readObjects(encodings, scores([CAT, 0.9]), new Float32Array(quarter), SIZE);
    expect(found?.box.ymin).toBeCloseTo(55 - 30, 4);
    expect(found?.box.ymax).toBeCloseTo(55 + 30, 4);
    expect(found?.box.xmin).toBeCloseTo(90 - 25, 4);
    expect(found?.box.xmax).toBeCloseTo(90 + 25, 4);
  });

  it("drops what is unsure, the background, and numbers that COCO never used", () => {
    for (const [number, score] of [
      [CAT, 0.39],
      [0, 0.99],
      [12, 0.99],
    ] as const) {
      expect(readObjects(new Float32Array(still), scores([number, score]), new Float32Array(quarter), SIZE)).toEqual(
        [],
      );
    }
  });

  it("keeps the surer of two boxes of one thing, and both of two classes", () => {
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

describe("planarTensor", () => {
  it("parts the channels, in the order that is asked", () => {
    const pixels = { data: new Uint8Array([1, 2, 3, 4, 5, 6]), width: 2, height: 1 };
    expect([...planarTensor(pixels, [2, 1, 0], (value) => value).data]).toEqual([3, 6, 2, 5, 1, 4]);
    expect(planarTensor(pixels, [0, 1, 2], (value) => value).dims).toEqual([1, 3, 1, 2]);
    expect([...planarTensor(pixels, [0, 1, 2], (value, plane) => value * plane).data]).toEqual([0, 0, 2, 5, 6, 12]);
  });
});

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

  it("drops what is thin, faint or empty", () => {
    expect(textBoxes(map([[10, 8, 10, 2]]))).toEqual([]);
    expect(textBoxes(map([[10, 8, 10, 4]], 0.4))).toEqual([]);
    expect(textBoxes(map([]))).toEqual([]);
  });

  it("tells parts that touch at a corner alone apart", () => {
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

  it("leaves apart what stands far off, on another row, or is set much larger", () => {
    for (const other of [word(65, 90), word(55, 90, 15, 35), word(55, 90, -20, 40)])
      expect(joinRows([word(0, 50), other])).toHaveLength(2);
  });
});

describe("decodeLine", () => {
  const alphabet = ["", "a", "b", " "];
  const box = { xmin: 100, ymin: 0, xmax: 200, ymax: 20 };
  const line = (steps: ReadonlyArray<readonly [number, number]>) => {
    const values = new Float32Array(steps.length * alphabet.length);
    steps.forEach(([character, probability], step) => {
      values[step * alphabet.length + character] = probability;
    });
    return decodeLine(values, alphabet, box);
  };

  it("joins repetitions and keeps letters that a blank parts", () => {
    expect(
      line([
        [1, 0.5],
        [1, 0.5],
        [0, 1],
        [1, 1],
        [2, 0.75],
      ]).text,
    ).toBe("aab");
  });

  it("scores by the first step of each letter, and places it there", () => {
    const read = line([
      [0, 1],
      [1, 0.5],
      [3, 1],
      [2, 0.75],
    ]);
    expect(read).toEqual({
      text: "a b",
      score: 0.75,
      letters: [
        { x: 137.5, score: 0.5 },
        { x: 162.5, score: 1 },
        { x: 187.5, score: 0.75 },
      ],
    });
  });

  it("reads nothing from blanks", () => {
    expect(
      line([
        [0, 1],
        [0, 1],
      ]),
    ).toEqual({ text: "", score: 0, letters: [] });
  });
});
