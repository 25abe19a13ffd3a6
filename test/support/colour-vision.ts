type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** How colours look without one kind of cones, in linear RGB: Machado, Oliveira and Fernandes 2009, severity 1. */
export const VISIONS: Readonly<Record<"normal" | "protan" | "deutan" | "tritan", Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const TO_XYZ: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const WHITE: Triple = [0.95047, 1, 1.08883];

const times = (matrix: Matrix, [a, b, c]: Triple): Triple => {
  const [x, y, z] = matrix.map((row) => row[0] * a + row[1] * b + row[2] * c);
  return [x ?? 0, y ?? 0, z ?? 0];
};
const linear = (level: number) =>
  level <= 0.04045 * 255 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4;
const clip = (value: number) => Math.min(1, Math.max(0, value));

/** Red, green and blue, 0 to 255, of "#rrggbb". */
export function rgbOf(colour: string): Triple {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return [r, g, b];
}

/** A colour in CIELAB (D65), as seen with a kind of vision. */
export function labOf([r, g, b]: Triple, vision: Matrix = VISIONS.normal): Triple {
  const [sr, sg, sb] = times(vision, [linear(r), linear(g), linear(b)]);
  const xyz = times(TO_XYZ, [clip(sr), clip(sg), clip(sb)]);
  const [x = 0, y = 0, z = 0] = xyz.map((value, index) => {
    const part = value / (WHITE[index] ?? 1);
    return part > 216 / 24389 ? Math.cbrt(part) : ((24389 / 27) * part + 16) / 116;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** The distance of two colours in CIELAB (CIE 1976). */
export const distance = (a: Triple, b: Triple) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Relative luminance (WCAG 2.2). */
export const luminance = ([r, g, b]: Triple) => times(TO_XYZ, [linear(r), linear(g), linear(b)])[1];

/** The contrast ratio of two luminances (WCAG 2.2). */
export const contrast = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
