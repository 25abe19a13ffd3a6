import type { Box, RleMask, Size, StageEntity } from "../../schemas/primitives.ts";
import { encodeColumns } from "../../schemas/rle.ts";

/** The people whom the benchmarks' posts name. The models know each by her place in this list. */
export const NAMES = [
  "Ada Lovelace",
  "Grace Hopper",
  "Mary Jackson",
  "Rosalind Franklin",
  "Katherine Johnson",
  "Hedy Lamarr",
  "Emmy Noether",
  "Lise Meitner",
  "Chien-Shiung Wu",
  "Dorothy Vaughan",
  "Vera Rubin",
  "Barbara McClintock",
] as const;

/** Columns of the grid in which the people stand. */
const COLUMNS = 4;
const ROWS = Math.ceil(NAMES.length / COLUMNS);
/** The part of a cell that its box fills. */
const FILLED = 0.9;
const RAN_BY = { model: "bench", version: "1" };

/** The place of the first name in a text, whatever its case; 0 when it names nobody. */
export function placeOf(text: string): number {
  return Math.max(
    0,
    NAMES.findIndex((name) => text.toLowerCase().includes(name.toLowerCase())),
  );
}

/** The box of the person at a place, in pixels of a picture. */
export function boxOf(place: number, { width, height }: Size): Box {
  const [cellWidth, cellHeight] = [width / COLUMNS, height / ROWS];
  const [xmin, ymin] = [(place % COLUMNS) * cellWidth, Math.floor(place / COLUMNS) * cellHeight];
  return { xmin, ymin, xmax: xmin + FILLED * cellWidth, ymax: ymin + FILLED * cellHeight };
}

/** The mask of a box: an ellipse that fills it, with an edge as uneven as a model's. */
export function maskOf({ xmin, ymin, xmax, ymax }: Box, size: Size): RleMask {
  const [middle, radius, half] = [(xmin + xmax) / 2, (xmax - xmin) / 2, (ymax - ymin) / 2];
  const columns = Array.from({ length: size.width }, (_, x) => {
    const share = 1 - ((x + 0.5 - middle) / radius) ** 2;
    if (share <= 0) return [];
    const reach = half * Math.sqrt(share) - (x % 3);
    const [top, bottom] = [Math.round((ymin + ymax) / 2 - reach), Math.round((ymin + ymax) / 2 + reach)];
    return bottom > top ? [top, bottom] : [];
  });
  return encodeColumns(columns, size);
}

interface Input {
  readonly text?: string;
  readonly size?: Size;
  readonly entities?: readonly StageEntity[];
  readonly boxes?: ReadonlyArray<{ readonly id: string; readonly box: Box }>;
}

const masks = new Map<string, RleMask>();
/** Masks are made once: a model's own work is its delay alone. */
function keptMask(box: Box, size: Size): RleMask {
  const key = JSON.stringify([box, size]);
  const mask = masks.get(key) ?? maskOf(box, size);
  masks.set(key, mask);
  return mask;
}

const SIZE = { width: 640, height: 480 };
const placesIn = (text: string) => NAMES.flatMap((name) => (text.includes(name) ? [name] : []));

/** A model's output for a prediction by Cog's protocol: a stage's contract, or `ofa-ve` and `ofa-vg` (docs/ofa.md). */
export function outputOf(model: string, { text = "", size = SIZE, entities = [], boxes = [] }: Input): unknown {
  const method = "bench";
  switch (model) {
    case "mner":
      return { ...RAN_BY, mentions: placesIn(text).map((name) => mentionOf(name, text)), problems: [] };
    case "expansion":
      return { ...RAN_BY, expressions: entities.map(({ id }) => ({ id, text: phraseOf(id), method: "llm" })) };
    case "entailment":
      return {
        ...RAN_BY,
        judgements: entities.map(({ id }) => ({ id, visible: true, score: 0.9, method, calibrated: false })),
      };
    case "grounding":
      return {
        ...RAN_BY,
        groundings: entities.map((entity) => {
          return { id: entity.id, regions: [{ box: boxOf(placeOf(entity.text ?? ""), size), score: 0.9, method }] };
        }),
      };
    case "segmentation":
      return {
        ...RAN_BY,
        masks: boxes.map(({ id, box }) => ({ id, mask: keptMask(box, size), score: 0.9, method, reason: null })),
      };
    case "ofa-ve":
      return { answer: "yes", score: 0.9 };
    case "ofa-vg": {
      // Bins are thousandths of the sides.
      const { xmin, ymin, xmax, ymax } = boxOf(placeOf(text), { width: 999, height: 999 });
      return { bins: [xmin, ymin, xmax, ymax].map(Math.round) };
    }
    default:
      return null;
  }
}

/** A chat model's reply to the last message of a conversation: names of a text, or a phrase for each id of a list. */
export function replyOf(question: string, phrases: boolean): unknown {
  const ids = [...question.matchAll(/\bid "(\w+)"/g)].map(([, id = ""]) => id);
  if (ids.length > 0) return { expressions: ids.map((id) => ({ id, expression: phraseOf(id) })) };
  return {
    entities: placesIn(question).map((text) => ({ text, type: "PER", ...(phrases && { expression: phraseOf(text) }) })),
  };
}

/** Corners of an outline. */
const CORNERS = 64;

/** Moondream's answer to a box as shares of the picture: an ellipse as SVG path data, in shares of that box. */
export function outlineOf({ spatial_refs: [box = []] }: { readonly spatial_refs: readonly (readonly number[])[] }) {
  const corners = Array.from({ length: CORNERS }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / CORNERS;
    return `${(0.5 + Math.cos(angle) / 2).toFixed(4)} ${(0.5 + Math.sin(angle) / 2).toFixed(4)}`;
  });
  const [x_min, y_min, x_max, y_max] = box;
  return { path: `M ${corners.join(" L ")} Z`, bbox: { x_min, y_min, x_max, y_max } };
}

const phraseOf = (_of: string) => "a woman in a grey coat";

function mentionOf(name: string, text: string) {
  const start = text.indexOf(name);
  return { text: name, start, end: start + name.length, type: "PER", score: 0.9 };
}
