import { cocoOfRle, polygonsOfRle } from "../../schemas/polygon.ts";
import type { RleMask } from "../../schemas/primitives.ts";
import { rleArea, rleBounds } from "../../schemas/rle.ts";
import type { Proposal, ProposalsFile } from "./proposals.ts";

/** The form of `segmentation`: COCO's polygons, which both tools read, or its compressed RLE. */
export const COCO_FORMS = ["polygon", "rle"] as const;
export type CocoForm = (typeof COCO_FORMS)[number];

/** An annotation of COCO's format for object detection. */
export interface CocoAnnotation {
  readonly id: number;
  readonly image_id: number;
  readonly category_id: number;
  /** Rings `[x0, y0, x1, y1, …]`, of which a pixel is inside at least one; or an RLE. */
  readonly segmentation: number[][] | RleMask;
  /** The pixels of the mask, as `pycocotools.mask.area` counts them. */
  readonly area: number;
  /** `[x, y, width, height]` of the mask, as `pycocotools.mask.toBbox` gives it: not the gold box. */
  readonly bbox: readonly [number, number, number, number];
  readonly iscrowd: 0;
  /** What links the annotation to its entity. CVAT keeps an attribute that its label defines, as a string or number. */
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** COCO's format for object detection, as pycocotools, CVAT and Label Studio read it. */
export interface CocoFile {
  readonly info: Readonly<Record<string, unknown>>;
  readonly licenses: readonly never[];
  readonly images: ReadonlyArray<{ id: number; file_name: string; height: number; width: number }>;
  readonly categories: ReadonlyArray<{ id: number; name: string; supercategory: string }>;
  readonly annotations: readonly CocoAnnotation[];
}

/**
 * The COCO file of proposals. A box without a mask gets no annotation: `info.without_proposal` lists it.
 * docs/reference/annotation-tools.md says what the tools read. Categories begin at 1, because CVAT reads no category 0.
 */
export function cocoOf({ pictures, proposals }: ProposalsFile, form: CocoForm): CocoFile {
  const types = [...new Set(proposals.map(({ type }) => type))].toSorted();
  return {
    info: {
      description: "Masks that Namesight proposed for gold boxes, for people to correct",
      version: "1",
      without_proposal: proposals
        .filter(({ mask }) => mask === null)
        .map(({ link, text, type, box, reason }) => ({ link, entity: text, type, box, reason })),
    },
    licenses: [],
    images: pictures.map(({ id, file_name, height, width }) => ({ id, file_name, height, width })),
    categories: types.map((name, index) => ({ id: index + 1, name, supercategory: "" })),
    annotations: proposals.flatMap((proposal) => annotationOf(proposal, types, form) ?? []),
  };
}

function annotationOf(proposal: Proposal, types: readonly string[], form: CocoForm): CocoAnnotation | null {
  const { annotation_id, image_id, mask, type } = proposal;
  const bounds = mask && rleBounds(mask);
  if (annotation_id === null || image_id === null || !mask || !bounds) return null;
  const { xmin, ymin, xmax, ymax } = bounds;
  return {
    id: annotation_id,
    image_id,
    category_id: types.indexOf(type) + 1,
    segmentation: form === "rle" ? mask : cocoOfRle(mask).segmentation,
    area: rleArea(mask),
    bbox: [xmin, ymin, xmax - xmin, ymax - ymin],
    iscrowd: 0,
    attributes: attributesOf(proposal),
  };
}

function attributesOf({ link, post_id, text, type, entities, box_index, box }: Proposal): CocoAnnotation["attributes"] {
  const [{ start = null, end = null } = {}] = entities;
  const span = start === null || end === null ? {} : { start, end };
  return { link, post_id, entity: text, type, ...span, box_index, box: box.join(" ") };
}

/** What a person should know before the file goes into a tool. */
export function notesOf({ annotations }: CocoFile, { proposals }: ProposalsFile, form: CocoForm): string[] {
  const masks = proposals.flatMap(({ mask }) => (mask ? [polygonsOfRle(mask).polygons] : []));
  const holes = masks.filter((polygons) => polygons.some((rings) => rings.length > 1)).length;
  const parts = masks.filter((polygons) => polygons.length > 1).length;
  const ofForm: Array<[count: number, text: string]> =
    form === "rle"
      ? [[annotations.length, "masks are RLE: CVAT reads them as masks, and Label Studio cannot read the file"]]
      : [
          [holes, "masks have holes. Each hole is joined to the outline by a slit without area: do not close it"],
          [parts, "masks have several parts. Label Studio makes a region of each, and confirm joins them again"],
        ];
  const without = proposals.length - annotations.length;
  return [[without, "boxes have no proposal: info.without_proposal lists them"] as const, ...ofForm]
    .filter(([count]) => count > 0)
    .map(([count, text]) => `${count} ${text}`);
}
