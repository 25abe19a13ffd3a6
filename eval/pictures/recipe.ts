import * as z from "zod/mini";
import { Box, EntityType } from "../../schemas/primitives.ts";

/** A colour as `#rrggbb`. */
const Colour = z.string().check(z.regex(/^#[0-9a-f]{6}$/));
const pixels = z.int().check(z.gte(1));

/** One thing of a photo that pictures are composed of (`eval/data/subjects.json`, by name). */
const Subject = z.strictObject({
  /** The photo's path inside `examples/`. */
  photo: z.string(),
  /** What kind of thing it is: people compete for the names of people. */
  type: EntityType,
  /** The thing in pixels of the photo. */
  box: Box,
  /** The path of its mask inside `examples/`; absent when none was drawn. */
  mask: z.optional(z.string()),
});
export type Subject = z.infer<typeof Subject>;

export const Subjects = z.record(z.string(), Subject);
export type Subjects = z.infer<typeof Subjects>;

/** Where a layer's top left corner lies, in pixels of the picture. It may lie outside. */
const position = { id: z.optional(z.string()), x: z.int(), y: z.int() };

/** The crop of a photo and its size. Exactly one of `width` and `height` is given; the crop sets the other. */
const cut = {
  ...position,
  /** The part of the photo that is drawn, in whole pixels of the photo; the whole photo when absent. */
  crop: z.optional(Box),
  /** Whether it is mirrored from left to right. */
  flip: z.optional(z.boolean()),
  width: z.optional(pixels),
  height: z.optional(pixels),
};

const hasOneSide = z.refine<{ width?: number | undefined; height?: number | undefined }>(
  ({ width, height }) => (width === undefined) !== (height === undefined),
  { message: "exactly one of width and height" },
);

/** A photo, or a part of it, that shows no subject. */
const PhotoLayer = z.strictObject({ ...cut, photo: z.string() }).check(hasOneSide);

/** A photo, or a part of it, that shows a subject; with `cut: true` only the pixels of the subject's mask. */
const SubjectLayer = z.strictObject({ ...cut, subject: z.string(), cut: z.boolean() }).check(hasOneSide);

/** Letters on one line. `x` and `y` are the top left corner of the plate, or of the line without a plate. */
const PrintLayer = z.strictObject({
  ...position,
  print: z.string().check(z.minLength(1)),
  /** The font's size in pixels. */
  size: pixels,
  colour: Colour,
  /** The colour of a plate behind the letters; absent when the letters stand on the picture itself. */
  background: z.optional(Colour),
  /** Degrees clockwise, around the centre of the line. */
  rotate: z.optional(z.number()),
});
export type PrintLayer = z.infer<typeof PrintLayer>;

export type PhotoLayer = z.infer<typeof PhotoLayer> | z.infer<typeof SubjectLayer>;
export type Layer = PhotoLayer | PrintLayer;

/** A picture as it is composed: a plain ground and layers, each in front of those before it. */
export const Recipe = z.strictObject({
  width: pixels,
  height: pixels,
  /** The colour of the ground. */
  colour: Colour,
  layers: z.array(z.union([PrintLayer, SubjectLayer, PhotoLayer])),
});
export type Recipe = z.infer<typeof Recipe>;

/** The file format of a composed picture. */
export const PictureFormat = z.enum(["png", "jpeg"]);
export type PictureFormat = z.infer<typeof PictureFormat>;
