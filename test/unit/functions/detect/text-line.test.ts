import { describe, expect, it } from "vitest";
import { decodeLine } from "../../../../functions/detect/text-line.ts";

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

  it("joins repetitions, and keeps two letters when a blank separates them", () => {
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

  it("takes score and place of a letter from its first step", () => {
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

  it("returns an empty text when every step is blank", () => {
    expect(
      line([
        [0, 1],
        [0, 1],
      ]),
    ).toEqual({ text: "", score: 0, letters: [] });
  });
});
