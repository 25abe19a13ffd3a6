import * as z from "zod/mini";
import { rleOfPolygons } from "../../schemas/polygon.ts";
import { RleMask } from "../../schemas/primitives.ts";
import { compressCounts } from "../../schemas/rle.ts";

/**
 * Where a file of masks has what, as paths of names with dots. Twitter-SMNER's own names are not published; the
 * defaults are those of LabelMe, which writes one JSON file a picture.
 */
export const MASK_FIELDS = {
  /** The list of objects. */
  objects: "shapes",
  /** In an object: its name, which is the entity's text. */
  name: "label",
  /** In an object: its polygon, `[[x, y], …]` or `[x, y, …]`, or a list of such. */
  polygon: "points",
  /** In an object: its COCO RLE, `{size, counts}`. Used where there is one. */
  rle: "segmentation",
  /** In the file: the picture's size, for polygons. */
  height: "imageHeight",
  width: "imageWidth",
};
export type MaskFields = Readonly<typeof MASK_FIELDS>;

export interface NamedMask {
  readonly name: string;
  readonly mask: RleMask;
}

/**
 * The masks of a picture's file. Throws, saying what was found, where the fields are not there: who reads another form
 * sees which names to give.
 */
export function readMaskFile(content: unknown, fields: MaskFields): NamedMask[] {
  const objects = valueAt(content, fields.objects);
  if (!Array.isArray(objects)) {
    throw new Error(`it has no list ${fields.objects} (--mask-fields objects=PATH); it has ${shapeOf(content)}`);
  }
  return objects.map((object: unknown, index) => {
    const refuse = (field: keyof MaskFields, found: unknown) => {
      const place = `object ${index + 1} has no ${fields[field]} (--mask-fields ${field}=PATH)`;
      return new Error(`${place}; it has ${shapeOf(found)}`);
    };
    const name = valueAt(object, fields.name);
    if (typeof name !== "string") throw refuse("name", object);
    const rle = rleIn(valueAt(object, fields.rle));
    if (rle) return { name, mask: rle };
    const rings = ringsIn(valueAt(object, fields.polygon));
    if (!rings) throw refuse("polygon", object);
    const [height, width] = [valueAt(content, fields.height), valueAt(content, fields.width)];
    if (!isSide(height)) throw refuse("height", content);
    if (!isSide(width)) throw refuse("width", content);
    return { name, mask: rleOfPolygons({ size: [height, width], polygons: rings.map((ring) => [ring]) }) };
  });
}

const isSide = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;

function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, name) => {
    return typeof inner === "object" && inner !== null && Object.hasOwn(inner, name)
      ? (inner as Record<string, unknown>)[name]
      : undefined;
  }, value);
}

const Counts = z.object({ size: RleMask.shape.size, counts: z.array(z.int().check(z.gte(0))) });
const Flat = z.array(z.number()).check(z.minLength(6));
const Corners = z.array(z.tuple([z.number(), z.number()])).check(z.minLength(3));

/** A COCO RLE, compressed or not; null where the value is none. */
function rleIn(value: unknown): RleMask | null {
  const counts = Counts.safeParse(value);
  if (counts.success) return { size: counts.data.size, counts: compressCounts(counts.data.counts) };
  return RleMask.safeParse(value).data ?? null;
}

/** The rings of a polygon, flat; null where the value is none. */
function ringsIn(value: unknown): number[][] | null {
  const one = ringIn(value);
  if (one) return [one];
  if (!Array.isArray(value) || value.length === 0) return null;
  const rings = value.map(ringIn);
  return rings.every((ring) => ring !== null) ? rings : null;
}

function ringIn(value: unknown): number[] | null {
  return Flat.safeParse(value).data ?? Corners.safeParse(value).data?.flat() ?? null;
}

/** The names and kinds of a value's fields, two levels deep. */
function shapeOf(value: unknown, depth = 2): string {
  if (Array.isArray(value)) return value.length > 0 ? `[${shapeOf(value[0], depth)}, …]` : "[]";
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  if (depth === 0) return "{…}";
  return `{${Object.entries(value)
    .map(([name, inner]) => `${name}: ${shapeOf(inner, depth - 1)}`)
    .join(", ")}}`;
}
