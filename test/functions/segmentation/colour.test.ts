import { expect, test } from "vitest";
import { COLOUR_BINS, colourBins, labColours } from "../../../functions/segmentation/colour.ts";

const lab = (...rgb: number[]) => [...labColours({ data: Uint8Array.from(rgb), width: rgb.length / 3, height: 1 })];

test.each([
  ["white", [255, 255, 255], [100, 0, 0]],
  ["black", [0, 0, 0], [0, 0, 0]],
  ["red", [255, 0, 0], [53.2, 80.1, 67.2]],
  ["blue", [0, 0, 255], [32.3, 79.2, -107.9]],
])("gives %s the colour that CIE's formulas give it", (_, rgb, expected) => {
  lab(...rgb).forEach((value, channel) => {
    expect(Math.abs(value - (expected[channel] ?? 0))).toBeLessThan(0.5);
  });
});

test("puts every colour into a bin, and different colours into different ones", () => {
  const bins = colourBins(Float32Array.from(lab(255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 0, 255, 254, 254, 254)));
  expect(new Set(bins).size).toBe(4);
  expect(Math.max(...bins)).toBeLessThan(COLOUR_BINS);
  expect(bins[4]).toBe(bins[0]);
});
