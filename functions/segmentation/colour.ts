import type { Pixels } from "../pictures.ts";

/** sRGB's linear intensities by value. */
const LINEAR = Float32Array.from({ length: 256 }, (_, value) =>
  value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
);
/** The white of daylight (D65) in CIE XYZ. */
const [WHITE_X, WHITE_Z] = [0.9505, 1.089];
/** Bins of each of the three channels of `colourBins`. */
const BINS = 8;
export const COLOUR_BINS = BINS ** 3;

/** CIE L*a*b* of each pixel, three values a pixel: distances in it are about as large as people see them. */
export function labColours({ data }: Pixels): Float32Array {
  const lab = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += 3) {
    const red = LINEAR[data[at] ?? 0] ?? 0;
    const green = LINEAR[data[at + 1] ?? 0] ?? 0;
    const blue = LINEAR[data[at + 2] ?? 0] ?? 0;
    const x = root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / WHITE_X);
    const y = root(0.2126 * red + 0.7152 * green + 0.0722 * blue);
    const z = root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / WHITE_Z);
    lab[at] = 116 * y - 16;
    lab[at + 1] = 500 * (x - y);
    lab[at + 2] = 200 * (y - z);
  }
  return lab;
}

function root(value: number): number {
  return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116;
}

/** The bin of each pixel in a histogram of `COLOUR_BINS` colours. The ranges hold what photos of people have. */
export function colourBins(lab: Float32Array): Uint16Array {
  const bin = (value: number, low: number, high: number) =>
    Math.max(0, Math.min(BINS - 1, Math.floor(((value - low) / (high - low)) * BINS)));
  return Uint16Array.from({ length: lab.length / 3 }, (_, pixel) => {
    const [light = 0, redness = 0, yellowness = 0] = lab.subarray(3 * pixel, 3 * pixel + 3);
    return (bin(light, 0, 100) * BINS + bin(redness, -40, 60)) * BINS + bin(yellowness, -50, 60);
  });
}
