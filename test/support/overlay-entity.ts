import type { Box, RleMask, Size } from "../../schemas/primitives.ts";
import type { Entity, Region, VisibilityReason } from "../../schemas/recognize.ts";
import { BY_MODEL } from "./by-model.ts";
import { encodeRle } from "./rle.ts";

/** An entity of an answer. Fields that an overlay does not draw are the same for all. */
export function entityOf(
  id: string,
  text: string,
  type: string,
  visible: boolean | null,
  regions: Region[] = [],
  reason: VisibilityReason | null = visible === null ? "undecided" : null,
): Entity {
  const visibility = { score: 0.9, method: "m", calibrated: false, evidence: null, reason };
  return {
    id,
    text,
    type,
    coarse_type: null,
    score: 0.9,
    mentions: [{ start: 0, end: text.length, score: 0.9, tokens: null }],
    expression: null,
    visible,
    visibility,
    regions,
  };
}

export function regionOf(
  id: string,
  [xmin, ymin, xmax, ymax]: Corners,
  mask: RleMask | null = null,
  { link, ...more }: RegionChoices = {},
): Region {
  const box: Box = { xmin, ymin, xmax, ymax };
  return {
    id,
    box,
    score: 0.75,
    method: "m",
    ...BY_MODEL,
    mask,
    mask_score: null,
    mask_method: null,
    mask_reason: null,
    mask_url: null,
    ...more,
    link: { ...BY_MODEL.link, ...link },
  };
}

/** What a test chooses of a region, beside its box and its mask. */
export interface RegionChoices extends Pick<Partial<Region>, "evidence"> {
  readonly link?: Partial<Region["link"]>;
}
type Corners = readonly [xmin: number, ymin: number, xmax: number, ymax: number];

/** The mask of the pixels for which `holds` is true. */
export function maskWhere({ width, height }: Size, holds: (x: number, y: number) => boolean): RleMask {
  return encodeRle(
    Uint8Array.from({ length: width * height }, (_, index) => Number(holds(index % width, Math.floor(index / width)))),
    { width, height },
  );
}
