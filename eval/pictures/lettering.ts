import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { rleOfPolygons } from "../../schemas/polygon.ts";
import type { RleMask, Size } from "../../schemas/primitives.ts";
import { encodeColumns } from "../../schemas/rle.ts";
import type { PrintLayer } from "./recipe.ts";

/** Letters as they lie in a picture. */
export interface Lettering {
  /** How much of each pixel the letters cover, 0 to 255, row by row, in the size of the picture. */
  readonly coverage: Uint8Array;
  /** The pixels of which the letters cover at least half. */
  readonly letters: RleMask;
  /** The plate behind the letters; null without one. */
  readonly plate: RleMask | null;
}

type Renderer = InstanceType<typeof Resvg>;

const resolve = (module: string) => createRequire(import.meta.url).resolve(module);

/** The font that overlays are drawn in: it lies in a package and is the same on every machine. */
const FONT = new Uint8Array(readFileSync(resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf")));
/** Of the font: the part of its size that lies above the baseline, and the height of a line in parts of its size. */
const [ASCENT, LINE] = [0.93, 1.17];
/** Between the letters and the edge of a plate, in parts of the font's size. */
const PADDING = 0.3;

let ready: Promise<void> | null = null;

/** Draw a print layer's letters. Throws a `RangeError` when none of them leaves a mark, as a space does. */
export async function drawLettering(layer: PrintLayer, canvas: Size): Promise<Lettering> {
  ready ??= initWasm(readFileSync(resolve("@resvg/resvg-wasm/index_bg.wasm")));
  await ready;
  const { size, print, rotate = 0 } = layer;
  const padding = layer.background ? PADDING * size : 0;
  const ink = render(textElement(print, size, 0, 2 * size), { width: 1, height: 1 }, (svg) => svg.getBBox());
  if (!ink) throw new RangeError(`no letter of ${JSON.stringify(print)} can be drawn`);
  const [left, top] = [layer.x + padding, layer.y + padding];
  const [width, height] = [ink.width, LINE * size];
  const centre = [left + width / 2, top + height / 2] as const;
  // The letters' own left edge, and not the space before the first, lies at `left`.
  const text = textElement(print, size, left - ink.x, top + ASCENT * size);
  const turned = `<g transform="rotate(${rotate} ${centre[0]} ${centre[1]})">${text}</g>`;
  const coverage = render(turned, canvas, (svg) => alphaOf(svg));
  const corners = cornersAround(centre, width / 2 + padding, height / 2 + padding, (rotate * Math.PI) / 180);
  return {
    coverage,
    letters: halfCovered(coverage, canvas),
    plate: layer.background ? rleOfPolygons({ size: [canvas.height, canvas.width], polygons: [[corners]] }) : null,
  };
}

function textElement(print: string, size: number, x: number, baseline: number): string {
  const escaped = print.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<text x="${x}" y="${baseline}" font-size="${size}" font-weight="bold" font-family="DejaVu Sans">${escaped}</text>`;
}

function render<Result>(content: string, { width, height }: Size, read: (renderer: Renderer) => Result): Result {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;
  const renderer = new Resvg(svg, { font: { fontBuffers: [FONT], defaultFontFamily: "DejaVu Sans" } });
  try {
    return read(renderer);
  } finally {
    renderer.free();
  }
}

function alphaOf(renderer: Renderer): Uint8Array {
  const image = renderer.render();
  try {
    const pixels = image.pixels;
    return new Uint8Array(pixels.length / 4).map((_, index) => pixels[4 * index + 3] ?? 0);
  } finally {
    image.free();
  }
}

/** The corners of a rectangle that is turned clockwise around its centre, as `[x0, y0, …]`. */
function cornersAround([x, y]: readonly [number, number], across: number, down: number, angle: number): number[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const signs = [-1, -1, 1, -1, 1, 1, -1, 1];
  return [0, 2, 4, 6].flatMap((index) => {
    const [dx, dy] = [across * (signs[index] ?? 0), down * (signs[index + 1] ?? 0)];
    return [x + dx * cos - dy * sin, y + dx * sin + dy * cos];
  });
}

function halfCovered(coverage: Uint8Array, { width, height }: Size): RleMask {
  const columns = Array.from({ length: width }, (): number[] => []);
  for (const [pixel, alpha] of coverage.entries()) {
    const y = Math.floor(pixel / width);
    if (alpha >= 128) columns[pixel % width]?.push(y, y + 1);
  }
  return encodeColumns(columns, { width, height });
}
