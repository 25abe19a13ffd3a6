import * as z from "zod/mini";
import { LIMITS } from "./limits.ts";

/** Entity types of Twitter-GMNER (Yu et al., ACL 2023, section 3). */
export const ENTITY_TYPES = ["PER", "LOC", "ORG", "OTHER"] as const;
export const EntityType = z.enum(ENTITY_TYPES);
export type EntityType = z.infer<typeof EntityType>;

/** A type of any label set: one of the four, one of FMNERG's, or a name of the caller's own. */
export const TypeName = z.string().check(z.minLength(1), z.maxLength(LIMITS.typeLength));

/** A probability or a confidence: 0 to 1. */
export const Score = z.number().check(z.gte(0), z.lte(1));

/**
 * How `start` and `end` count: UTF-16 code units (JavaScript, Telegram), UTF-8 bytes (Bluesky), or Unicode code points
 * (Python).
 */
export const OffsetEncoding = z.enum(["utf-16", "utf-8", "code-point"]);
export type OffsetEncoding = z.infer<typeof OffsetEncoding>;

/** Position in a text, half-open: `text.slice(start, end)`. */
const offset = z.int().check(z.gte(0));
export const Span = z.strictObject({ start: offset, end: offset });
export type Span = z.infer<typeof Span>;

/**
 * A box in float pixels of the upright picture (EXIF orientation applied), origin top left, x right, y down, half-open:
 * a box over the whole picture is `{ xmin: 0, ymin: 0, xmax: width, ymax: height }`.
 */
export const Box = z.strictObject({ xmin: z.number(), ymin: z.number(), xmax: z.number(), ymax: z.number() });
export type Box = z.infer<typeof Box>;

/** Pixels of the upright picture. */
export const Size = z.strictObject({ width: z.int().check(z.gte(1)), height: z.int().check(z.gte(1)) });
export type Size = z.infer<typeof Size>;

/** A mask as COCO's compressed RLE, column-major, exactly as pycocotools reads it. `size` is `[height, width]`. */
export const RleMask = z.strictObject({
  size: z.tuple([z.int().check(z.gte(1)), z.int().check(z.gte(1))]),
  counts: z.string(),
});
export type RleMask = z.infer<typeof RleMask>;

/**
 * A mask as polygons along the edges of its pixels: each a list of rings, the outer one and then its holes, each ring a
 * list of corners `[x0, y0, x1, y1, …]` that is closed without repeating the first. Inside is what an odd number of
 * rings surrounds. `size` is `[height, width]`.
 */
export const PolygonMask = z.strictObject({
  size: RleMask.shape.size,
  polygons: z.array(z.array(z.array(z.number()))),
});
export type PolygonMask = z.infer<typeof PolygonMask>;

export const Name = z.string().check(z.minLength(1), z.maxLength(LIMITS.nameLength));
export const Expression = z.string().check(z.minLength(1), z.maxLength(LIMITS.expressionLength));
export const Text = z.string().check(z.maxLength(LIMITS.textLength));

/** A text that comes already split, as in CoNLL files. */
export const Tokens = z.array(Name).check(z.minLength(1), z.maxLength(LIMITS.tokens));

/**
 * What a caption, an entailment or a grounding model is told of one entity. `expression` is what a model should look
 * for.
 */
export const StageEntity = z.strictObject({
  id: z.string().check(z.minLength(1)),
  /** The name as written in the post; absent when the caller has only an expression. */
  text: z.optional(Name),
  type: z.optional(TypeName),
  expression: z.optional(Expression),
});
export type StageEntity = z.infer<typeof StageEntity>;

/** What every stage says of itself beside its result: the model that ran and its version. */
export const ranBy = { model: z.string(), version: z.string() };

/** What went wrong inside a stage without ending it. `code` is one of the problem catalogue's. */
export const StageProblem = z.object({ code: z.string(), detail: z.string() });
export type StageProblem = z.infer<typeof StageProblem>;
