import { intersectBoxes } from "../../../schemas/geometry.ts";
import type { Box, RleMask, Size } from "../../../schemas/primitives.ts";
import type { Entity } from "../../../schemas/recognize.ts";
import { type Canvas, layCanvas } from "./canvas.ts";
import { type Colour, colourOf, GROUND } from "./colours.ts";
import type { Font } from "./font.ts";
import { type LabelPlace, placeLabels } from "./labels.ts";
import { drawLegend, type LegendGroup, legendRoom } from "./legend.ts";
import { type Lettering, LINE, nameLabel, round, textLine } from "./lettering.ts";
import { maskPath } from "./mask-path.ts";
import { shownEntities, shownMasks } from "./shown.ts";
import { escapeXml, oneLine, textWidth } from "./text.ts";

/** What is drawn. */
export interface Overlay {
  /** The picture as a data URL. Its pixel size may differ from `size`. */
  readonly picture: string;
  /** Size of the upright picture, in whose pixels the entities' boxes and masks are. */
  readonly size: Size;
  readonly entities: readonly Entity[];
  /** Whether a stage failed, so that regions or whole entities may be missing. */
  readonly partial: boolean;
}

/** What the drawing of a partial answer says, so that nobody takes a missing box for an absent thing. */
const PARTIAL = "Partial answer: some stages failed";

/**
 * Draws an answer on its picture, as SVG: masks tinted, boxes outlined and labelled. No label hides another: where
 * there is no room, a label is the region's id alone, and the legend below the picture names it. The legend also names
 * every entity without a region, and says when the answer is partial and what is not drawn.
 *
 * @param font measures the text
 * @param onlyFont whether the text will be drawn with this font alone; a viewer of SVG has others
 */
export function overlaySvg({ picture, size, entities: all, partial }: Overlay, font: Font, onlyFont = false): string {
  const { shown: entities, left } = shownEntities(all);
  const canvas = layCanvas(size);
  const { frame } = canvas;
  const lettering = { font, onlyFont, size: canvas.fontSize };
  const regions = entities.flatMap((entity) => regionsOf(entity, canvas, lettering));
  const masks = shownMasks(
    regions.map(({ mask }) => mask),
    canvas.picture,
  );
  const places = placeLabels(regions, frame);
  const shortened = regions.filter((_, index) => places[index]?.form !== "whole");
  const notices = [
    ...(partial ? [PARTIAL] : []),
    ...(left > 0 ? [`${left} more boxes are not drawn`] : []),
    ...(regions.some(({ mask }, index) => mask && !masks[index]) ? ["Some masks are not drawn"] : []),
  ];
  const legend = drawLegend(
    { notices, groups: legendGroups(entities, shortened, frame.width, lettering) },
    frame,
    lettering,
  );
  const [width, height] = [frame.width, frame.height + legend.height];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" `,
    'role="img" direction="ltr">',
    `<title>${escapeXml(titleOf(entities, partial))}</title>`,
    `<rect width="${width}" height="${height}" fill="${GROUND}"/>`,
    `<g transform="translate(${canvas.picture.x} ${canvas.picture.y})">`,
    // An enlarged picture keeps square pixels, so that masks end where pixels end.
    `<image href="${picture}" width="${canvas.picture.width}" height="${canvas.picture.height}" `,
    `preserveAspectRatio="none"${canvas.enlarged ? ' image-rendering="optimizeSpeed"' : ""}/>`,
    ...regions.map(({ colour }, index) => tint(masks[index] ?? null, colour)),
    "</g>",
    ...regions.map((region) => outline(region, lettering)),
    ...regions.map((region, index) => plate(region, places[index] ?? null, lettering)),
    legend.svg,
    "</svg>",
  ].join("");
}

/** The drawing's text alternative. */
function titleOf(entities: readonly Entity[], partial: boolean): string {
  const drawn = entities
    .filter(({ regions }) => regions.length > 0)
    .map(({ text, type }) => `${oneLine(text)} (${oneLine(type)})`);
  const title = drawn.length > 0 ? `In the picture: ${drawn.join(", ")}` : "No named entity can be seen in the picture";
  return partial ? `${PARTIAL}. ${title}` : title;
}

/** A region as it is drawn. `box` is the outer edge of its outline, in pixels of the drawing. */
interface DrawnRegion extends Pick<Entity["regions"][number], "id" | "score" | "box" | "mask"> {
  readonly entity: Entity;
  readonly colour: Colour;
  readonly label: string;
  readonly whole: Size;
  readonly short: Size;
}

/** Padding left and right of a label's text, in parts of the font size. */
const PADDING = 0.35;

function regionsOf(entity: Entity, { frame, place }: Canvas, lettering: Lettering): DrawnRegion[] {
  const { font, size } = lettering;
  const plateOf = (text: string) => ({
    width: Math.ceil(textWidth(text, size, font) + 2 * PADDING * size),
    height: Math.ceil(LINE * size),
  });
  return entity.regions.map(({ id, score, box, mask }) => {
    const label = nameLabel(entity, score, frame.width - 2 * size, lettering);
    const outer = outlineOf(place(box), frame, lettering);
    return {
      id,
      score,
      box: outer,
      mask,
      entity,
      colour: colourOf(entity.type),
      label,
      whole: plateOf(label),
      short: plateOf(id),
    };
  });
}

/** A region's mask, filled with its colour. */
function tint(mask: RleMask | null, colour: Colour): string {
  if (!mask) return "";
  return `<path d="${maskPath(mask)}" fill="${colour.fill}" fill-opacity="0.5" shape-rendering="crispEdges"/>`;
}

/** Width of a box's outline, in pixels. */
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

/** A box's outline, with a halo that sets it off from a background of the same colour. */
function outline({ box, colour }: DrawnRegion, lettering: Lettering): string {
  const stroke = strokeOf(lettering);
  const [width, height] = [box.xmax - box.xmin - stroke, box.ymax - box.ymin - stroke];
  const corner = `x="${round(box.xmin + stroke / 2)}" y="${round(box.ymin + stroke / 2)}"`;
  const at = `${corner} width="${round(width)}" height="${round(height)}"`;
  return (
    `<rect ${at} fill="none" stroke="${colour.ink}" stroke-opacity="0.5" stroke-width="${stroke + 2}"/>` +
    `<rect ${at} fill="none" stroke="${colour.fill}" stroke-width="${stroke}"/>`
  );
}

/**
 * A label on its coloured plate. It is a nested `<svg>`, which clips text that a viewer's wider font would draw over
 * other labels.
 */
function plate({ id, label, colour }: DrawnRegion, placed: LabelPlace | null, lettering: Lettering): string {
  if (!placed) return "";
  const { xmin, ymin, xmax, ymax } = placed.place;
  const [width, height] = [round(xmax - xmin), round(ymax - ymin)];
  const text = textLine(placed.form === "whole" ? label : id, PADDING * lettering.size, 0, colour.ink, lettering);
  return (
    `<svg x="${round(xmin)}" y="${round(ymin)}" width="${width}" height="${height}">` +
    `<rect width="${width}" height="${height}" fill="${colour.fill}" stroke="${colour.ink}" stroke-opacity="0.6"/>` +
    `${text}</svg>`
  );
}

/**
 * What the boxes' labels do not name: regions without room for their name, then entities without a region, by reason.
 */
function legendGroups(
  entities: readonly Entity[],
  shortened: readonly DrawnRegion[],
  width: number,
  lettering: Lettering,
): LegendGroup[] {
  const room = legendRoom(width, lettering);
  const without = (visible: boolean | null) =>
    entities
      .filter((entity) => entity.regions.length === 0 && entity.visible === visible)
      .map((entity) => ({ label: nameLabel(entity, null, room, lettering), type: entity.type }));
  const shortenedLabels = shortened.map(({ id, entity, score }) => ({
    label: `${id} ${nameLabel(entity, score, room - textWidth(`${id} `, lettering.size, lettering.font), lettering)}`,
    type: entity.type,
  }));
  return [
    { heading: "In the picture", entries: shortenedLabels },
    { heading: "Visible, not found", entries: without(true) },
    { heading: "Not known", entries: without(null) },
    { heading: "Not in the picture", entries: without(false) },
  ];
}
