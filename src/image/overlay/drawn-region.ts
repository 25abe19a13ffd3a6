import { intersectBoxes } from "../../../schemas/geometry.ts";
import type { Box, RleMask, Size } from "../../../schemas/primitives.ts";
import type { Entity, Region } from "../../../schemas/recognize.ts";
import { rleRuns } from "../../../schemas/rle.ts";
import type { Canvas } from "./canvas.ts";
import { clearArea } from "./clear-areas.ts";
import type { Style } from "./colours.ts";
import type { LabelPlace } from "./labels.ts";
import { type Lettering, LINE, nameLabel, round, textLine } from "./lettering.ts";
import { maskPath } from "./mask-path.ts";
import { dashesOf, patternPaint, TILE } from "./patterns.ts";
import { textWidth } from "./text.ts";
import { type RegionWords, regionWords } from "./words.ts";

/** A region as it is drawn. `box` is the outer edge of its outline, in pixels of the drawing. */
export interface DrawnRegion {
  readonly id: string;
  readonly box: Box;
  /** The mask at the size of the drawn picture; null when there is none to draw. */
  readonly mask: RleMask | null;
  /** What labels leave free of it, in pixels of the drawing. */
  readonly clear: Box | null;
  readonly entity: Entity;
  readonly style: Style;
  readonly words: RegionWords;
  readonly label: string;
  /** Sizes of the label's plate: with its text, and with the region's id alone. */
  readonly whole: Size;
  readonly short: Size;
}

/** Padding left and right of a label's text, in parts of the font size. */
const PADDING = 0.35;

/** Width of the stripe that shows a style's pattern, left of a label's text. */
const stripeOf = (style: Style, { size }: Lettering) => (style.pattern === "plain" ? 0 : TILE * size);

export function drawnRegion(
  entity: Entity,
  region: Region,
  mask: RleMask | null,
  style: Style,
  { frame, place, picture }: Canvas,
  lettering: Lettering,
): DrawnRegion {
  const { font, size } = lettering;
  const stripe = stripeOf(style, lettering);
  const plateOf = (text: string) => ({
    width: Math.ceil(textWidth(text, size, font) + 2 * PADDING * size + stripe),
    height: Math.ceil(LINE * size),
  });
  const words = regionWords(entity, region);
  const label = nameLabel(entity, frame.width - 2 * size - stripe, lettering, words);
  const box = place(region.box);
  return {
    id: region.id,
    box: outlineOf(box, frame, lettering),
    mask,
    clear: clearArea(entity, region, box, mask, picture),
    entity,
    style,
    words,
    label,
    whole: plateOf(label),
    short: plateOf(region.id),
  };
}

/** Width of an outline, in pixels. */
const strokeOf = ({ size }: Lettering) => Math.max(2, Math.round(size / 8));

/**
 * The outer edge of a box's outline. The outline lies outside the box and so covers nothing in it, except where the
 * frame ends.
 */
function outlineOf(box: Box, frame: Size, lettering: Lettering): Box {
  const stroke = strokeOf(lettering);
  const outer = { xmin: box.xmin - stroke, ymin: box.ymin - stroke, xmax: box.xmax + stroke, ymax: box.ymax + stroke };
  return intersectBoxes(outer, { xmin: 0, ymin: 0, xmax: frame.width, ymax: frame.height });
}

/** Width of the ink on either side of a line, in pixels. */
const haloOf = (width: number) => Math.max(1, Math.floor(width / 2));

/** Strokes a shape: a line in the style's colour over a wider one in its ink, so that on any background one shows. */
function stroked(shape: string, style: Style, width: number): string {
  const dashes = dashesOf(style);
  const dashed = dashes ? ` stroke-dasharray="${dashes.map((part) => round(part * width)).join(" ")}"` : "";
  return (
    `${shape} fill="none" stroke="${style.ink}" stroke-width="${width + 2 * haloOf(width)}"/>` +
    `${shape} fill="none" stroke="${style.fill}" stroke-width="${width}"${dashed}/>`
  );
}

/** How much of the picture a mask's tint covers: the least with which orange shows on an orange suit, and a little. */
const TINT = 0.38;

/**
 * The most run lengths of a mask whose edge is outlined. A person across a drawing of 1,600 pixels has about 4,000; the
 * outline of noise shows nothing and takes the renderer seconds and 100 MB.
 */
const OUTLINED_COUNTS = 10_000;

/**
 * A region's mask: tinted in its style, its edge outlined, in pixels of the drawn picture. Printed words are only
 * tinted: outlines of letters would make them illegible.
 */
export function tint({ mask, style, words }: DrawnRegion, index: number, lettering: Lettering): string {
  if (!mask) return "";
  const shape = `<use href="#mask-${index}"`;
  const paint = patternPaint(style, "tint");
  return (
    `<defs><path id="mask-${index}" d="${maskPath(mask)}"/></defs>` +
    `${shape} fill="${style.fill}" fill-opacity="${TINT}"/>` +
    `${paint === null ? "" : `${shape} fill="${paint}"/>`}` +
    (words.note === "printed" || 2 * rleRuns(mask).length > OUTLINED_COUNTS
      ? ""
      : stroked(shape, style, strokeOf(lettering)))
  );
}

/** A box's outline. */
export function outline({ box, style }: DrawnRegion, lettering: Lettering): string {
  const stroke = strokeOf(lettering);
  const [width, height] = [box.xmax - box.xmin - stroke, box.ymax - box.ymin - stroke];
  const corner = `x="${round(box.xmin + stroke / 2)}" y="${round(box.ymin + stroke / 2)}"`;
  return stroked(`<rect ${corner} width="${round(width)}" height="${round(height)}"`, style, stroke);
}

/**
 * A label on its coloured plate. It is a nested `<svg>`, which clips text that a viewer's wider font would draw over
 * other labels.
 */
export function plate({ id, label, style }: DrawnRegion, placed: LabelPlace | null, lettering: Lettering): string {
  if (!placed) return "";
  const { xmin, ymin, xmax, ymax } = placed.place;
  const [width, height] = [round(xmax - xmin), round(ymax - ymin)];
  const stripe = stripeOf(style, lettering);
  const paint = patternPaint(style, "plate");
  const left = PADDING * lettering.size + stripe;
  return (
    `<svg x="${round(xmin)}" y="${round(ymin)}" width="${width}" height="${height}">` +
    `<rect width="${width}" height="${height}" fill="${style.fill}" stroke="${style.ink}" stroke-opacity="0.6"/>` +
    `${paint === null ? "" : `<rect width="${round(stripe)}" height="${height}" fill="${paint}"/>`}` +
    `${textLine(placed.form === "whole" ? label : id, left, 0, style.ink, lettering)}</svg>`
  );
}
