import { describe, expect, test } from "vitest";
import { labColours } from "../../../functions/segmentation/colour.ts";
import { lettersIn, unclip } from "../../../functions/segmentation/text.ts";

describe("lettersIn", () => {
  test.each([
    ["white on black", 250, 10],
    ["black on white", 10, 250],
  ])("tells letters from their paper, %s", (_, ink, paper) => {
    const [width, height] = [20, 8];
    const isInk = (cell: number) => cell % width > 3 && cell % width < 16 && cell % 3 === 0;
    const data = Uint8Array.from({ length: 3 * width * height }, (_, index) =>
      isInk(Math.floor(index / 3)) ? ink : paper + (index % 2),
    );
    const area = Uint8Array.from({ length: width * height }, (_, cell) =>
      cell % width > 2 && cell % width < 17 ? 1 : 0,
    );
    const letters = lettersIn(area, labColours({ data, width, height }));
    expect(Uint8Array.from(letters, (value) => (value > 0.5 ? 1 : 0))).toEqual(
      Uint8Array.from(letters, (_, cell) => (isInk(cell) ? 1 : 0)),
    );
  });
});

test("unclip grows a line by its area and perimeter", () => {
  const size = { width: 20, height: 10 };
  const line = Uint8Array.from({ length: 200 }, (_, cell) => {
    const [x, y] = [cell % 20, Math.floor(cell / 20)];
    return x >= 5 && x < 15 && y >= 4 && y < 6 ? 1 : 0;
  });
  // 10 × 2 cells: 20 / 24 × 1.5 rounds to one cell on each side.
  expect(unclip(line, size).reduce((sum, set) => sum + set, 0)).toBe(12 * 4);
});
