import * as z from "zod/mini";
import { rleOf } from "../../schemas/polygon.ts";
import type { RleMask } from "../../schemas/primitives.ts";
import { canonicalRle, compressCounts, rleArea } from "../../schemas/rle.ts";
import { checked } from "../readers/checked.ts";

/** The fields that are used. Tools add others, and leave out what they do not need. */
const File = z.object({
  images: z.array(
    z.object({
      id: z.int(),
      file_name: z.string(),
      // Label Studio writes null where it could not open the picture.
      width: z.optional(z.nullable(z.number())),
      height: z.optional(z.nullable(z.number())),
    }),
  ),
  categories: z.array(z.object({ id: z.int(), name: z.string() })),
  annotations: z.array(
    z.object({
      id: z.optional(z.nullable(z.union([z.int(), z.string()]))),
      image_id: z.int(),
      category_id: z.int(),
      segmentation: z.optional(z.unknown()),
      bbox: z.optional(z.nullable(z.array(z.number()))),
      attributes: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
    }),
  ),
});

const Counts = z.object({
  size: z.tuple([z.int().check(z.gte(1)), z.int().check(z.gte(1))]),
  counts: z.union([z.string(), z.array(z.int().check(z.gte(0)))]),
});
const countOf = ({ input }: { readonly input?: unknown }) => `has ${(input as readonly number[]).length} numbers`;
const Ring = z.array(z.number()).check(
  z.minLength(6, { error: (issue) => `${countOf(issue)}, and a ring at least the 6 of 3 points` }),
  z.refine((ring) => ring.length % 2 === 0, { error: (issue) => `${countOf(issue)}, an odd count` }),
);
const Rings = z.array(Ring);

/** A picture of a corrected file. */
export interface CorrectedPicture {
  readonly id: number;
  /** As the tool writes it: perhaps with a folder or a prefix. */
  readonly file_name: string;
  /** In pixels; null where the tool does not say. */
  readonly width: number | null;
  readonly height: number | null;
}

/** An annotation as people left it. */
export interface CorrectedAnnotation {
  /** Where it is in the file, for messages. */
  readonly place: string;
  /** Its id, which may be the tool's own; null where it has none, or one that is no number. */
  readonly id: number | null;
  readonly image_id: number;
  /** The name of its category. */
  readonly category: string;
  /** Null for a box without a mask. */
  readonly segmentation: z.infer<typeof Counts> | number[][] | null;
  /** `[x, y, width, height]`; null without one. */
  readonly bbox: readonly number[] | null;
  /** The attribute `link`; null where the tool has dropped it. */
  readonly link: string | null;
}

export interface CorrectedFile {
  readonly pictures: readonly CorrectedPicture[];
  readonly annotations: readonly CorrectedAnnotation[];
}

/** A COCO file as CVAT and Label Studio export it. Throws, saying where, when it is none. */
export function readCorrected(content: unknown): CorrectedFile {
  const { images, categories, annotations } = checked(File, content, "the file", "not as COCO's format has it: ");
  refuseShared("images", images, ({ file_name }) => file_name);
  refuseShared("categories", categories, ({ name }) => name);
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  const pictures = new Map(
    images.map(({ id, file_name, width, height }) => {
      return [id, { id, file_name, width: width ?? null, height: height ?? null }] as const;
    }),
  );
  return {
    pictures: [...pictures.values()],
    annotations: annotations.map(
      ({ id = null, image_id, category_id, segmentation, bbox = null, attributes }, index) => {
        const picture = pictures.get(image_id);
        const place = `annotations.${index} (id ${id ?? "none"}, ${picture?.file_name ?? `image ${image_id}`})`;
        if (!picture) throw new Error(`${place}: there is no image with this id`);
        const category = names.get(category_id);
        if (category === undefined) throw new Error(`${place}: there is no category ${category_id}`);
        if (bbox && bbox.length !== 4) throw new Error(`${place}: bbox has ${bbox.length} numbers, not 4`);
        const link = attributes?.link;
        return {
          place,
          id: typeof id === "number" ? id : null,
          image_id,
          category,
          segmentation: segmentationOf(segmentation, place),
          bbox,
          // A label with this attribute gives new shapes an empty one.
          link: typeof link === "string" && link !== "" ? link : null,
        };
      },
    ),
  };
}

/** Throws when an id is that of two things with different names: what has the id would be of either. */
function refuseShared<Named extends { readonly id: number }>(
  list: string,
  all: readonly Named[],
  nameOf: (one: Named) => string,
): void {
  const names = new Map<number, string>();
  for (const [index, one] of all.entries()) {
    const [name, before] = [nameOf(one), names.get(one.id)];
    if (before !== undefined && before !== name)
      throw new Error(`${list}.${index}: the id ${one.id} is that of ${before} and of ${name}`);
    names.set(one.id, name);
  }
}

/** An RLE or rings; null where there are none. Throws, with the annotation's place, when it is neither. */
function segmentationOf(value: unknown, place: string): CorrectedAnnotation["segmentation"] {
  if (value === undefined || value === null) return null;
  const field = `${place}, segmentation: `;
  if (!Array.isArray(value)) return checked(Counts, value, "the RLE", field);
  // A single ring stands alone in some files.
  const rings = (typeof value[0] === "number" ? [value] : value).filter(
    (ring) => !Array.isArray(ring) || ring.length > 0,
  );
  return rings.length === 0 ? null : checked(Rings, rings, "the polygons", field);
}

/**
 * The mask of an annotation, at the size of its picture; null for one without a mask, or with an empty one. A pixel is
 * set when its centre is inside at least one ring.
 *
 * @param size `[height, width]` of the picture
 * @throws with the annotation's place when an RLE has another size, or does not fill it
 */
export function maskOf({ segmentation, place }: CorrectedAnnotation, size: RleMask["size"]): RleMask | null {
  if (segmentation === null) return null;
  try {
    if (Array.isArray(segmentation)) return filled(rleOf({ size, segmentation }));
    const { size: own, counts } = segmentation;
    if (own[0] !== size[0] || own[1] !== size[1])
      throw new RangeError(`the RLE's size is [${own.join(", ")}], and the picture's [${size.join(", ")}]`);
    return filled(canonicalRle({ size, counts: typeof counts === "string" ? counts : compressCounts(counts) }));
  } catch (error) {
    throw new Error(`${place}, segmentation: ${(error as Error).message}`);
  }
}

function filled(mask: RleMask): RleMask | null {
  return rleArea(mask) > 0 ? mask : null;
}
