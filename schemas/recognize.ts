import * as z from "zod/mini";
import { Labels } from "./labels.ts";
import { DEFAULTS, LIMITS } from "./limits.ts";
import {
  Box,
  Name,
  OffsetEncoding,
  PolygonMask,
  RleMask,
  Score,
  Size,
  Span,
  Text,
  Tokens,
  TypeName,
} from "./primitives.ts";
import { Problem } from "./problem.ts";
import { ProviderName } from "./providers.ts";
import { StageName } from "./stages/index.ts";

/** `mner` stops at the mentions, `gmner` at the boxes, `smner` at the masks. */
export const Task = z.enum(["mner", "gmner", "smner"]);
export type Task = z.infer<typeof Task>;

/** `fast` grounds beside entailment; `cheap` grounds what entailment did not rule out. */
export const Mode = z.enum(["fast", "cheap"]);
/** How masks are given. */
export const MaskForm = z.enum(["rle", "polygon"]);
export type MaskForm = z.infer<typeof MaskForm>;

/** A picture in JSON: an https address, a data URL, or base64 alone. As multipart it is the part `image` instead. */
export const Image = z.string().check(z.minLength(1));

/** A post's words: `text`, or `tokens`, which are then joined by one space. One of them is required. */
export const Words = {
  /** What the post says; counted in UTF-16 code units. */
  text: z.optional(Text),
  tokens: z.optional(Tokens),
};

/**
 * A check that exactly one of `text` and `tokens` is there, and that the joined tokens are no longer than a text may
 * be.
 */
export const oneOfWords = z.superRefine<{ text?: string | undefined; tokens?: string[] | undefined }>(
  ({ text, tokens }, context) => {
    if (text === undefined && tokens === undefined)
      context.addIssue({ code: "custom", path: ["text"], message: "or tokens is required" });
    if (text !== undefined && tokens !== undefined)
      context.addIssue({ code: "custom", path: ["tokens"], message: "stands beside text; use one or the other" });
    const length = tokens?.join(" ").length ?? 0;
    if (length > LIMITS.textLength) {
      context.addIssue({
        code: "too_big",
        path: ["tokens"],
        origin: "string",
        maximum: LIMITS.textLength,
        input: tokens,
        inclusive: true,
      });
    }
  },
);

/**
 * What a caller sends to `POST /v1/recognize`. Only `text` or `tokens` is required. A field that is not here is refused
 * by name.
 *
 * @example { "text": "Eileen Collins in Houston", "image": "data:image/png;base64,iVBOR…", "task": "gmner" }
 */
export const RecognizeRequest = z
  .strictObject({
    ...Words,
    /** Without a picture the post is text. */
    image: z.optional(Image),
    /**
     * The caller's own mentions, counted in `offset_encoding`, of types in `labels`; the `mner` stage is then skipped.
     */
    entities: z.optional(
      z.array(z.strictObject({ ...Span.shape, type: TypeName })).check(z.maxLength(LIMITS.entities)),
    ),
    task: z._default(Task, "smner"),
    labels: z._default(Labels, "gmner"),
    mode: z._default(Mode, "fast"),
    masks: z._default(MaskForm, "rle"),
    /** False: nothing of the post stays, no cache entry, no mask, no picture. Masks then have no link. */
    store: z._default(z.boolean(), true),
    /** The first so many entities in text order are answered. */
    max_entities: z._default(z.int().check(z.gte(1), z.lte(LIMITS.entities)), DEFAULTS.maxEntities),
    /** Below which nothing is answered. */
    thresholds: z._default(
      z.strictObject({
        /** Mentions below it are dropped. */
        mention: z._default(Score, DEFAULTS.mentionThreshold),
        /**
         * An entity is visible from this entailment score up. Without it the model's own decision stands; 0 lets every
         * entity through, with all its candidates.
         */
        visible: z.optional(Score),
        /** Regions below it are dropped. */
        region: z._default(Score, DEFAULTS.regionThreshold),
      }),
      { mention: DEFAULTS.mentionThreshold, region: DEFAULTS.regionThreshold },
    ),
    offset_encoding: z._default(OffsetEncoding, "utf-16"),
  })
  .check(oneOfWords);
export type RecognizeRequest = z.infer<typeof RecognizeRequest>;

/** Why `visible` is null. */
export const VisibilityReason = z.enum(["no_image", "not_asked", "stage_failed", "refused", "undecided"]);
export type VisibilityReason = z.infer<typeof VisibilityReason>;

/** Why a region has no mask. */
export const MaskReason = z.enum(["not_asked", "stage_failed", "no_mask", "outside_box", "bounds_differ"]);
export type MaskReason = z.infer<typeof MaskReason>;

/** A mask, or why there is none. `mask` is at the size of `image`. */
export const MaskPart = {
  mask: z.nullable(z.union([RleMask, PolygonMask])),
  /** The model's own confidence; null where it has none. */
  mask_score: z.nullable(Score),
  /** The model that made the mask. */
  mask_method: z.nullable(z.string()),
  mask_reason: z.nullable(MaskReason),
  /** A signed link to the mask as a one-channel PNG; it expires. */
  mask_url: z.nullable(z.string()),
};

export const Region = z.object({
  id: z.string(),
  box: Box,
  score: z.nullable(Score),
  /** The model that found the box. */
  method: z.string(),
  ...MaskPart,
});
export type Region = z.infer<typeof Region>;

/** Where a mention stands: counted in `offset_encoding`, and in tokens, half-open, when the post came as such. */
export const Position = { ...Span.shape, tokens: z.nullable(Span) };

/** Whether an entity can be seen, and who says so. */
export const Visible = {
  visible: z.nullable(z.boolean()),
  visibility: z.object({
    score: z.nullable(Score),
    method: z.nullable(z.string()),
    calibrated: z.boolean(),
    /** Why `visible` is null. */
    reason: z.nullable(VisibilityReason),
  }),
};

export const Entity = z.object({
  id: z.string(),
  /** The name as its first mention writes it, without a leading `@` or `#`. */
  text: Name,
  /** One of the types in `labels`. */
  type: TypeName,
  /** With `labels: "fine"`, the one of FMNERG's 8 coarse types that `type` belongs to. */
  coarse_type: z.nullable(z.string()),
  /** The best of the mentions' scores. */
  score: z.nullable(Score),
  mentions: z.array(z.object({ ...Position, score: z.nullable(Score) })),
  expression: z.nullable(z.object({ text: z.string(), method: z.enum(["llm", "template"]) })),
  ...Visible,
  /** Where it is, best first; empty unless it may be seen. */
  regions: z.array(Region),
});
export type Entity = z.infer<typeof Entity>;

/**
 * One record for each model that was asked, its attempts together. A model that never answered has its entry as `model`
 * and no `version`. `cost_usd` is a decimal string; null when it is not known.
 */
export const StageRecord = z.object({
  stage: StageName,
  model: z.string(),
  version: z.nullable(z.string()),
  provider: ProviderName,
  attempts: z.int(),
  cached: z.boolean(),
  ms: z.number(),
  cost_usd: z.nullable(z.string()),
});
export type StageRecord = z.infer<typeof StageRecord>;

/** The upright picture as the caller sent it. `sha256` is of the bytes received. */
export const ImageFacts = z.object({ ...Size.shape, sha256: z.string() });

/**
 * What every answer says of how it came about. `partial` is true when a stage did not answer in full; `problems` says
 * which and why.
 */
export const Envelope = {
  /** The request's id. */
  id: z.string(),
  partial: z.boolean(),
  problems: z.array(Problem),
  stages: z.array(StageRecord),
};

/** What `POST /v1/recognize` answers. `image` is null without a picture. */
export const RecognizeAnswer = z.object({
  ...Envelope,
  offset_encoding: OffsetEncoding,
  image: z.nullable(ImageFacts),
  entities: z.array(Entity),
});
export type RecognizeAnswer = z.infer<typeof RecognizeAnswer>;
