import * as z from "zod/mini";
import { DEFAULTS, LIMITS } from "./limits.ts";
import { Box, EntityType, Name, OffsetEncoding, RleMask, Score, Size, Span, Text, TypeName } from "./primitives.ts";
import { Problem } from "./problem.ts";

/** `mner` stops at the mentions, `gmner` at the boxes, `smner` at the masks. */
export const Task = z.enum(["mner", "gmner", "smner"]);
export type Task = z.infer<typeof Task>;

/**
 * What a caller sends to `POST /v1/recognize`. Only `text` is required. A field that is not here is refused by name.
 *
 * @example { "text": "Eileen Collins in Houston", "image": "data:image/png;base64,iVBOR…", "task": "gmner" }
 */
export const RecognizeRequest = z.strictObject({
  text: Text,
  /** A data URL, or base64 alone. As multipart, the part `image` instead. Without a picture the post is text. */
  image: z.optional(z.string().check(z.minLength(1))),
  /** The caller's own mentions, counted in `offset_encoding`; the `mner` stage is then skipped. */
  entities: z.optional(z.array(z.strictObject({ ...Span.shape, type: EntityType })).check(z.maxLength(LIMITS.entities))),
  task: z._default(Task, "smner"),
  labels: z._default(z.literal("gmner"), "gmner"),
  max_entities: z._default(z.int().check(z.gte(1), z.lte(LIMITS.entities)), DEFAULTS.maxEntities),
  thresholds: z._default(
    z.strictObject({
      /** Mentions below it are dropped. */
      mention: z._default(Score, DEFAULTS.mentionThreshold),
      /** An entity is visible from this entailment score up. Without it the model's own decision stands; 0 lets every entity through. */
      visible: z.optional(Score),
      /** Regions below it are dropped. */
      region: z._default(Score, DEFAULTS.regionThreshold),
    }),
    { mention: DEFAULTS.mentionThreshold, region: DEFAULTS.regionThreshold },
  ),
  offset_encoding: z._default(OffsetEncoding, "utf-16"),
});
export type RecognizeRequest = z.infer<typeof RecognizeRequest>;

/** Why `visible` is null. */
export const VisibilityReason = z.enum(["no_image", "not_asked", "stage_failed", "refused", "undecided"]);
export type VisibilityReason = z.infer<typeof VisibilityReason>;

/** Why a region has no mask. */
export const MaskReason = z.enum(["not_asked", "stage_failed", "no_mask", "outside_box", "bounds_differ"]);
export type MaskReason = z.infer<typeof MaskReason>;

export const Region = z.object({
  id: z.string(),
  box: Box,
  score: z.nullable(Score),
  /** The model that found the box. */
  method: z.string(),
  /** At the size of `image`. */
  mask: z.nullable(RleMask),
  mask_score: z.nullable(Score),
  mask_method: z.nullable(z.string()),
  mask_reason: z.nullable(MaskReason),
  /** A signed link to the mask as a one-channel PNG; it expires. */
  mask_url: z.nullable(z.string()),
});
export type Region = z.infer<typeof Region>;

export const Entity = z.object({
  id: z.string(),
  /** The name as its first mention writes it, without a leading `@` or `#`. */
  text: Name,
  type: TypeName,
  /** The best of the mentions' scores. */
  score: z.nullable(Score),
  mentions: z.array(z.object({ ...Span.shape, score: z.nullable(Score) })),
  expression: z.nullable(z.object({ text: z.string(), method: z.enum(["llm", "template"]) })),
  visible: z.nullable(z.boolean()),
  visibility: z.object({
    score: z.nullable(Score),
    method: z.nullable(z.string()),
    calibrated: z.boolean(),
    reason: z.nullable(VisibilityReason),
  }),
  regions: z.array(Region),
});
export type Entity = z.infer<typeof Entity>;

/** One record for each call to a model. `cost_usd` is a decimal string; null when it is not known. */
export const StageRecord = z.object({
  stage: z.string(),
  model: z.string(),
  version: z.nullable(z.string()),
  provider: z.string(),
  attempts: z.int(),
  cached: z.boolean(),
  ms: z.number(),
  cost_usd: z.nullable(z.string()),
});
export type StageRecord = z.infer<typeof StageRecord>;

/** What `POST /v1/recognize` answers. `partial` is true when a stage did not answer; `problems` says which and why. */
export const RecognizeAnswer = z.object({
  id: z.string(),
  partial: z.boolean(),
  offset_encoding: OffsetEncoding,
  /** The upright picture as the caller sent it, or null without one. `sha256` is of the bytes received. */
  image: z.nullable(z.object({ ...Size.shape, sha256: z.string() })),
  entities: z.array(Entity),
  problems: z.array(Problem),
  stages: z.array(StageRecord),
});
export type RecognizeAnswer = z.infer<typeof RecognizeAnswer>;
