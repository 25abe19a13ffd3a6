import { scaleBox } from "../../../schemas/geometry.ts";
import { gmnerTypeOf } from "../../../schemas/labels.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { rleOf } from "../../../schemas/polygon.ts";
import type { EntityType, RleMask, Size } from "../../../schemas/primitives.ts";
import type { Entity } from "../../../schemas/recognize.ts";
import { columnRuns, resizeRle } from "../../../schemas/rle.ts";
import { placeLabels } from "./labels.ts";
import { escapeXml, fitText, textWidth } from "./text.ts";

/** Four of Okabe and Ito's colours (2008), which people with any common colour blindness tell apart, and what is readable on each. */
const COLOURS: Record<EntityType, { fill: string; ink: string }> = {
  PER: { fill: "#e69f00", ink: "#000000" },
  LOC: { fill: "#009e73", ink: "#ffffff" },
  ORG: { fill: "#0072b2", ink: "#ffffff" },
  OTHER: { fill: "#cc79a7", ink: "#000000" },
};
const FONT = "DejaVu Sans, Verdana, sans-serif";

/** What is drawn: the picture as a data URL of any size, the frame of boxes and masks, and the answer's entities. */
export interface Overlay {
  readonly picture: string;
  readonly size: Size;
  readonly entities: readonly Entity[];
}

/**
 * The answer drawn on the picture as SVG: masks tinted, boxes, labels; what cannot be seen is listed below. The long side is at most
 * `LIMITS.overlaySide`; nothing is enlarged.
 */
export function overlaySvg({ picture, size, entities }: Overlay): string {
  const scale = Math.min(1, LIMITS.overlaySide / Math.max(size.width, size.height));
  const drawn = { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) };
  const fontSize = Math.round(Math.min(30, Math.max(11, Math.max(drawn.width, drawn.height) * 0.026)));
  const stroke = Math.max(1.5, fontSize / 7);
  const regions = entities.flatMap((entity) =>
    entity.regions.map((region) => ({
      ...region,
      box: scaleBox(region.box, drawn.width / size.width, drawn.height / size.height),
      colour: COLOURS[gmnerTypeOf(entity.type)],
      label: fitText(labelOf(entity, region.score), fontSize, drawn.width - fontSize),
    })),
  );
  const places = placeLabels(
    regions.map(({ box, label }) => ({ box, width: textWidth(label, fontSize) + fontSize * 0.6, height: fontSize * 1.4 })),
    drawn,
  );
  const below = legend(entities, fontSize, drawn.width);
  const height = drawn.height + below.height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${drawn.width}" height="${height}" viewBox="0 0 ${drawn.width} ${height}" role="img">`,
    `<title>${escapeXml(titleOf(entities))}</title>`,
    `<image href="${picture}" width="${drawn.width}" height="${drawn.height}" preserveAspectRatio="none"/>`,
    ...regions.map(({ mask, colour }) =>
      mask
        ? `<path d="${maskPath(resizeRle(rleOf(mask), drawn))}" fill="${colour.fill}" fill-opacity="0.5" shape-rendering="crispEdges"/>`
        : "",
    ),
    ...regions.map(({ box, colour }) => rectangle(box, `fill="none" stroke="${colour.fill}" stroke-width="${stroke}"`)),
    ...regions.map(({ label, colour }, index) => {
      const place = places[index] ?? { xmin: 0, ymin: 0, xmax: 0, ymax: 0 };
      const text = `<text x="${round(place.xmin + fontSize * 0.3)}" y="${round(place.ymin + fontSize * 1.05)}" fill="${colour.ink}"`;
      return `${rectangle(place, `fill="${colour.fill}"`)}${text} font-family="${FONT}" font-weight="bold" font-size="${fontSize}">${escapeXml(label)}</text>`;
    }),
    below.svg.replaceAll("{top}", String(drawn.height)),
    "</svg>",
  ].join("");
}

function labelOf({ text, type }: Entity, score: number | null): string {
  return `${text} · ${type}${score === null ? "" : ` ${score.toFixed(2)}`}`;
}

function titleOf(entities: readonly Entity[]): string {
  const seen = entities.filter(({ regions }) => regions.length > 0).map(({ text, type }) => `${text} (${type})`);
  return seen.length > 0 ? `In the picture: ${seen.join(", ")}` : "No named entity can be seen in the picture";
}

const round = (value: number) => Math.round(value * 10) / 10;

function rectangle({ xmin, ymin, xmax, ymax }: { xmin: number; ymin: number; xmax: number; ymax: number }, style: string): string {
  return `<rect x="${round(xmin)}" y="${round(ymin)}" width="${round(xmax - xmin)}" height="${round(ymax - ymin)}" ${style}/>`;
}

/** A mask's runs as one path: each a rectangle one pixel wide, or wider where columns next to each other are alike. */
function maskPath(mask: RleMask): string {
  const columns: string[] = [];
  for (const { x, top, bottom } of columnRuns(mask)) columns[x] = `${columns[x] ?? ""}${top},${bottom} `;
  let path = "";
  for (let x = 0; x < columns.length; ) {
    const runs = columns[x];
    let end = x + 1;
    while (runs !== undefined && columns[end] === runs) end++;
    for (const run of runs?.trimEnd().split(" ") ?? []) {
      const [top = 0, bottom = 0] = run.split(",").map(Number);
      path += `M${x} ${top}h${end - x}v${bottom - top}h${x - end}z`;
    }
    x = end;
  }
  return path;
}

/** A strip below the picture with the entities that have no region, in the colour of their type, on as many lines as they need. */
function legend(entities: readonly Entity[], fontSize: number, width: number): { svg: string; height: number } {
  const rest = entities.filter(({ regions }) => regions.length === 0);
  if (rest.length === 0) return { svg: "", height: 0 };
  const [margin, gap, line] = [fontSize * 0.5, fontSize * 0.9, fontSize * 1.7];
  const word = { true: "visible, not found", false: "not in the picture", null: "not known" };
  let [x, y] = [margin, margin];
  const items = rest.map((entity) => {
    const label = fitText(`${labelOf(entity, null)} – ${word[`${entity.visible}`]}`, fontSize, width - 2 * margin - fontSize);
    const wide = fontSize + textWidth(label, fontSize);
    if (x > margin && x + wide > width - margin) [x, y] = [margin, y + line];
    const item = { x, y, label, colour: COLOURS[gmnerTypeOf(entity.type)].fill };
    x += wide + gap;
    return item;
  });
  const height = Math.ceil(y + line + margin);
  const svg = items.map(
    (item) =>
      `<rect x="${round(item.x)}" y="${round(item.y + fontSize * 0.35)}" width="${round(fontSize * 0.7)}" height="${round(fontSize * 0.7)}" fill="${item.colour}"/>` +
      `<text x="${round(item.x + fontSize)}" y="${round(item.y + fontSize)}" fill="#ffffff" font-family="${FONT}" font-size="${fontSize}">${escapeXml(item.label)}</text>`,
  );
  return { svg: `<g transform="translate(0 {top})"><rect width="${width}" height="${height}" fill="#1b1b1b"/>${svg.join("")}</g>`, height };
}
