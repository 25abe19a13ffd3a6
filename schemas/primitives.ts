import * as z from "zod/mini";
import { LIMITS } from "./limits.ts";

/** Entity types of Twitter-GMNER (Yu et al., ACL 2023, section 3). */
export const ENTITY_TYPES = ["PER", "LOC", "ORG", "OTHER"] as const;
export const EntityType = z.enum(ENTITY_TYPES);
export type EntityType = z.infer<typeof EntityType>;

/** The name of an entity type: one of the four, one of FMNERG's, or one from the caller's own list. */
export const TypeName = z.string().check(z.minLength(1), z.maxLength(LIMITS.typeLength));

/** For how many seconds what a rotation replaced still works; without it, a day. */
export const OverlapSeconds = z._default(z.int().check(z.gte(0), z.lte(LIMITS.keyOverlapSeconds)), 24 * 60 * 60);

/** A probability or a confidence, from 0 to 1. */
export const Score = z.number().check(z.gte(0), z.lte(1));

/**
 * The unit in which positions in a text count: UTF-16 code units (JavaScript, Telegram), UTF-8 bytes (Bluesky) or
 * Unicode code points (Python).
 */
export const OffsetEncoding = z.enum(["utf-16", "utf-8", "code-point"]);
export type OffsetEncoding = z.infer<typeof OffsetEncoding>;

/**
 * The unit in which `start` and `end` count: UTF-16 code units (JavaScript, Telegram), UTF-8 bytes (Bluesky), Unicode
 * code points (Python), or, in a request with `tokens`, whole tokens. With `token`, the answer counts tokens as well.
 */
export const PositionEncoding = z.enum([...OffsetEncoding.options, "token"]);
export type PositionEncoding = z.infer<typeof PositionEncoding>;

const offset = z.int().check(z.gte(0));
/** A half-open range, as in `text.slice(start, end)`. */
export const Span = z.strictObject({
  /** The first position. */
  start: offset,
  /** The position after the last. */
  end: offset,
});
export type Span = z.infer<typeof Span>;

/**
 * A box in pixels of the upright picture (EXIF orientation applied), with fractions. The origin is the top left corner,
 * x runs right and y down. A box around the whole picture is `{ xmin: 0, ymin: 0, xmax: width, ymax: height }`.
 */
export const Box = z.strictObject({
  /** The left edge. */
  xmin: z.number(),
  /** The top edge. */
  ymin: z.number(),
  /** The right edge. */
  xmax: z.number(),
  /** The bottom edge. */
  ymax: z.number(),
});
export type Box = z.infer<typeof Box>;

/** The size of a picture in pixels, once it is upright. */
export const Size = z.strictObject({
  /** Pixels from left to right. */
  width: z.int().check(z.gte(1)),
  /** Pixels from top to bottom. */
  height: z.int().check(z.gte(1)),
});
export type Size = z.infer<typeof Size>;

/** A mask as COCO's compressed RLE, column by column, as pycocotools reads it. */
export const RleMask = z.strictObject({
  /** `[height, width]` in pixels. */
  size: z.tuple([z.int().check(z.gte(1)), z.int().check(z.gte(1))]),
  /**
   * The run lengths as COCO's compressed string; the first run is of pixels outside the mask. Answers have the string
   * that pycocotools writes, so equal masks have equal strings.
   */
  counts: z.string(),
});
export type RleMask = z.infer<typeof RleMask>;

/**
 * A mask as polygons along the edges of its pixels. A pixel is set when it is inside at least one polygon: surrounded
 * by an odd number of that polygon's rings.
 */
export const PolygonMask = z.strictObject({
  /** `[height, width]` in pixels. */
  size: RleMask.shape.size,
  /**
   * Each polygon is a list of rings, the outer one first and then its holes. Each ring is a list of corners `[x0, y0,
   * x1, y1, …]`, closed without repeating the first.
   */
  polygons: z.array(z.array(z.array(z.number()))),
});
export type PolygonMask = z.infer<typeof PolygonMask>;

/**
 * A mask as COCO's polygons, along the edges of its pixels. `pycocotools.mask.frPyObjects(segmentation, height, width)`
 * reads them, and the merged result is the mask itself. COCO's polygons have no holes: a ring goes along a vertical
 * slit into a hole, around it and back, and the slit has no area.
 */
export const CocoMask = z.strictObject({
  /** `[height, width]` in pixels. */
  size: RleMask.shape.size,
  /** Rings `[x0, y0, x1, y1, …]`, closed without repeating the first corner. A pixel is set when it is inside one. */
  segmentation: z.array(z.array(z.number()).check(z.minLength(6))),
});
export type CocoMask = z.infer<typeof CocoMask>;

/** A character that can be seen: a text without one is blank, whether it holds spaces or invisible characters. */
export const VISIBLE = /[^\s\u00ad\u200b-\u200f\u2060-\u2064\u2800\u3164\ufeff]/;

/** A name as a post writes it. */
export const Name = z.string().check(z.minLength(1), z.maxLength(LIMITS.nameLength));
/** A referring expression or a caption. */
export const Expression = z.string().check(z.minLength(1), z.maxLength(LIMITS.expressionLength));
/** The text of a post. */
export const Text = z.string().check(z.maxLength(LIMITS.textLength));

/** A text that is already split into tokens, as in CoNLL files. */
export const Tokens = z.array(Name).check(z.minLength(1), z.maxLength(LIMITS.tokens));

/** An entity as an entailment or a grounding model gets it. */
export const StageEntity = z.strictObject({
  /** Returned with the result. */
  id: z.string().check(z.minLength(1)),
  /** The name as written in the post; absent when the caller has only an expression. */
  text: z.optional(Name),
  /** The entity's type. */
  type: z.optional(TypeName),
  /** What a model should find in the picture. */
  expression: z.optional(Expression),
});
export type StageEntity = z.infer<typeof StageEntity>;

/**
 * The name or the version of a model or a method, as answers and logs show it. It has no white space, so that a model
 * cannot write a sentence in it, and does not begin with a slash: a local host may name the file on its disk.
 */
export const ModelName = z
  .string()
  .check(z.maxLength(LIMITS.modelNameLength, { abort: true }), z.regex(/^[\w@][\w.:@/+~#=-]*$/));

/** What every stage returns beside its result: the name and the version of the model that ran. */
export const ranBy = { model: ModelName, version: ModelName };

/** An id of the question, in an answer to it. */
export const AnsweredId = z.string().check(z.maxLength(LIMITS.idLength));

/**
 * A problem inside a stage that did not end it. `code` is one of the problem catalogue's. `detail` is for whoever runs
 * the model: no caller sees it.
 */
export const StageProblem = z.object({
  code: z.string().check(z.maxLength(LIMITS.idLength)),
  detail: z.string().check(z.maxLength(LIMITS.detailLength)),
});
export type StageProblem = z.infer<typeof StageProblem>;

/**
 * A list in a model's answer. Its length is checked before its items: a validator that reads a million items of a list
 * that is refused anyway takes seconds.
 */
export function listOf<Item extends z.ZodMiniType>(item: Item, most: number) {
  const short = z.custom<z.input<Item>[]>((value) => !Array.isArray(value) || value.length <= most);
  return z.pipe(short, z.array(item).check(z.maxLength(most)));
}
