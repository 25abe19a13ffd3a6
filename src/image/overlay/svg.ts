import type { Size } from "../../../schemas/primitives.ts";
import type { Entity } from "../../../schemas/recognize.ts";
import { layCanvas } from "./canvas.ts";
import { GROUND, styleAt } from "./colours.ts";
import { type DrawnRegion, drawnRegion, outline, plate, tint } from "./drawn-region.ts";
import type { Font } from "./font.ts";
import { placeLabels } from "./labels.ts";
import { drawLegend, type Legend, legendRoom } from "./legend.ts";
import { type Lettering, lacksLetters, nameLabel } from "./lettering.ts";
import { patternDefinitions } from "./patterns.ts";
import { shownEntities, shownMasks } from "./shown.ts";
import { escapeXml, textWidth } from "./text.ts";
import { GUESS_MARK, PARTIAL, titleOf, unplacedEntities } from "./words.ts";

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

/**
 * Draws an answer on its picture, as SVG: masks tinted, boxes outlined and labelled, in a colour for each entity. No
 * label hides another: where there is no room, a label is the region's id alone, and the legend below the picture names
 * it. The legend also names every entity without a region, explains marks and numbers, and says when the answer is
 * partial and what is not drawn.
 *
 * @param font measures the text
 * @param onlyFont whether the text will be drawn with this font alone; a viewer of SVG has others
 */
export function overlaySvg({ picture, size, entities: all, partial }: Overlay, font: Font, onlyFont = false): string {
  const { shown: entities, left } = shownEntities(all);
  const canvas = layCanvas(size);
  const { frame } = canvas;
  const lettering = { font, onlyFont, size: canvas.fontSize };
  const placed = entities.filter((entity) => entity.regions.length > 0);
  const found = placed.flatMap((entity, index) =>
    entity.regions.map((region) => ({ entity, region, style: styleAt(index) })),
  );
  const masks = shownMasks(
    found.map(({ region }) => region.mask),
    canvas.picture,
  );
  const regions = found.map(({ entity, region, style }, index) =>
    drawnRegion(entity, region, masks[index] ?? null, style, canvas, lettering),
  );
  const clear = regions.flatMap((region) => (region.clear ? [region.clear] : []));
  const places = placeLabels(regions, clear, frame);
  const shortened = regions.filter((_, index) => places[index]?.form !== "whole");
  const notices = [
    ...(partial ? [PARTIAL] : []),
    ...(left > 0 ? [`${left} more boxes are not drawn`] : []),
    ...(found.some(({ region }, index) => region.mask && !masks[index]) ? ["Some masks are not drawn"] : []),
    ...explanations(entities, regions, lettering),
  ];
  const groups = legendGroups(entities, shortened, frame.width, lettering);
  const legend = drawLegend({ notices, groups }, frame, lettering);
  const [width, height] = [frame.width, frame.height + legend.height];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" `,
    'role="img" direction="ltr">',
    `<title>${escapeXml(titleOf(entities, partial))}</title>`,
    patternDefinitions(
      regions.map(({ style }) => style),
      canvas.fontSize,
    ),
    `<rect width="${width}" height="${height}" fill="${GROUND}"/>`,
    `<g transform="translate(${canvas.picture.x} ${canvas.picture.y})">`,
    // An enlarged picture keeps square pixels, so that masks end where pixels end.
    `<image href="${picture}" width="${canvas.picture.width}" height="${canvas.picture.height}" `,
    `preserveAspectRatio="none"${canvas.enlarged ? ' image-rendering="optimizeSpeed"' : ""}/>`,
    ...regions.map((region, index) => tint(region, index, lettering)),
    "</g>",
    ...regions.map((region) => outline(region, lettering)),
    ...regions.map((region, index) => plate(region, places[index] ?? null, lettering)),
    legend.svg,
    "</svg>",
  ].join("");
}

/** Sentences that explain the marks and numbers of the labels, and which names are not drawn. */
function explanations(entities: readonly Entity[], regions: readonly DrawnRegion[], lettering: Lettering): string[] {
  const lacking = entities.filter((entity) => lacksLetters(entity, lettering)).map(({ id }) => id);
  const words = regions.map((region) => region.words);
  return [
    ...(words.some(({ isGuess }) => isGuess) ? [`${GUESS_MARK.trim()} which of them is named is a guess`] : []),
    ...(words.some(({ chance }) => chance !== null) ? ["%: the chance that it is the named one"] : []),
    ...(lacking.length > 0
      ? [`This drawing lacks letters for the names of ${lacking.join(", ")}: see the answer`]
      : []),
  ];
}

/**
 * What the boxes' labels do not name: regions without room for their name, then entities without a region, by what is
 * known of them.
 */
function legendGroups(
  entities: readonly Entity[],
  shortened: readonly DrawnRegion[],
  width: number,
  lettering: Lettering,
): Legend["groups"] {
  const room = legendRoom(width, lettering);
  const widthOf = (text: string) => textWidth(text, lettering.size, lettering.font);
  const inPicture = shortened.map(({ id, entity, style, words }) => ({
    label: `${id} ${nameLabel(entity, room - widthOf(`${id} `), lettering, words)}`,
    style,
  }));
  const unplaced = unplacedEntities(entities).map(({ heading, entities: listed }) => ({
    heading,
    entries: listed.map(({ entity, reason }) => {
      const because = reason === null ? "" : ` (${reason})`;
      return { label: nameLabel(entity, room - widthOf(because), lettering) + because, style: null };
    }),
  }));
  return [{ heading: "In the picture", entries: inPicture }, ...unplaced];
}
