import * as z from "zod/mini";
import { Labels } from "./labels.ts";
import { DEFAULTS, LIMITS } from "./limits.ts";
import { EvidenceKind, Link } from "./link.ts";
import { UsdAmount } from "./money.ts";
import { Charge } from "./prices.ts";
import {
  Box,
  CocoMask,
  Name,
  OffsetEncoding,
  PolygonMask,
  PositionEncoding,
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
import { RequestWebhook } from "./webhooks.ts";

/** How far to go: `mner` stops at the mentions, `gmner` at the boxes, `smner` at the masks. */
export const Task = z.enum(["mner", "gmner", "smner"]);
export type Task = z.infer<typeof Task>;

/**
 * `fast` runs visual grounding beside visual entailment. `cheap` grounds only the entities that entailment did not rule
 * out; it then knows nothing of the others, so that its boxes and links may differ from those of `fast`.
 */
export const Mode = z.enum(["fast", "cheap"]);

/** The form of masks: COCO's compressed RLE, polygons with holes, or COCO's polygons. */
export const MaskForm = z.enum(["rle", "polygon", "coco"]);
export type MaskForm = z.infer<typeof MaskForm>;

/**
 * A picture in JSON: an https address, a data URL, or base64 alone (standard or URL-safe). In multipart it is the part
 * `image`.
 */
export const Image = z.string().check(z.minLength(1));

/** The words of a post. Exactly one of the two is required. */
export const Words = {
  /** The text of the post. */
  text: z.optional(Text),
  /** The text when it is already split into tokens, as in CoNLL files; they are joined by one space. */
  tokens: z.optional(Tokens),
};

/** The fields of a request that `oneOfWords` checks. */
interface GivenWords {
  text?: string | undefined;
  tokens?: string[] | undefined;
  offset_encoding?: PositionEncoding;
}

/**
 * Checks that there is exactly one of `text` and `tokens`, that the joined tokens are no longer than a text, and that
 * positions in tokens have tokens.
 */
export const oneOfWords = z.superRefine<GivenWords>(({ text, tokens, offset_encoding }, context) => {
  if (tokens === undefined && offset_encoding === "token") {
    const message = `can be token only with tokens; with text, use one of ${OffsetEncoding.options.join(", ")}`;
    context.addIssue({ code: "custom", path: ["offset_encoding"], message });
  }
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
});

/** What a caller allows one request to take. */
export const Allowance = {
  /**
   * Maximum duration of the request in milliseconds, from 500, counted from before its body is read: up to 30,000, or
   * 900,000 where a job answers (`Prefer: respond-async` or `wait`, or a `webhook`). At the deadline the answer has
   * what is there by then. Without it, the deployment's own deadline, and 600,000 of a job.
   */
  deadline_ms: z.optional(z.int().check(z.gte(LIMITS.leastDeadlineMs), z.lte(LIMITS.jobDeadlineMs))),
  /** Where to tell the end of the request. A job answers it then, as with `Prefer: respond-async`. */
  webhook: z.optional(RequestWebhook),
  /**
   * Maximum cost of the models in US dollars, as a decimal string: `"0.01"`. A model whose call may cost more than what
   * is left of it is not asked, nor is one whose price is not configured; `problems` then has `over_budget`. `"0"` asks
   * only models that cost nothing. Without it, no limit.
   */
  max_cost_usd: z.optional(UsdAmount),
  /** Whether a model that fails is replaced by the next of its chain. False asks the first model of each chain only. */
  fallback: z._default(z.boolean(), true),
};

/** False keeps nothing of the post: no cache entry, no mask, no picture. Masks then have no link. */
export const Store = z._default(z.boolean(), true);

/**
 * A post. Only `text` or `tokens` is required. A field that is not listed here is refused by name.
 *
 * @example { "text": "Eileen Collins in Houston", "image": "data:image/png;base64,iVBOR…", "task": "gmner" }
 */
export const RecognizeRequest = z
  .strictObject({
    ...Words,
    /** The picture of the post. A post without one is answered from its text alone. */
    image: z.optional(Image),
    /**
     * The mentions, when the caller has them already. The `mner` stage is then skipped. Maximum 100. No two have the
     * same start and end. With `tokens`, each begins and ends with a token; the `@` or `#` before a name may be left
     * out.
     */
    entities: z.optional(
      z
        .array(
          z.strictObject({
            /** The first position, counted in `offset_encoding`. */
            start: Span.shape.start,
            /** The position after the last, counted in `offset_encoding`. */
            end: Span.shape.end,
            /** One of the types in `labels`. */
            type: TypeName,
          }),
        )
        .check(z.maxLength(LIMITS.entities)),
    ),
    task: z._default(Task, "smner"),
    labels: z._default(Labels, "gmner"),
    mode: z._default(Mode, "fast"),
    masks: z._default(MaskForm, "rle"),
    store: Store,
    ...Allowance,
    /** Maximum entities returned, in text order. */
    max_entities: z._default(z.int().check(z.gte(1), z.lte(LIMITS.entities)), DEFAULTS.maxEntities),
    /** The scores from which results are returned. */
    thresholds: z._default(
      z.strictObject({
        /** Mentions with a lower score are dropped. */
        mention: z._default(Score, DEFAULTS.mentionThreshold),
        /**
         * An entity is visible from this entailment score up, when it also has a box. Below it, `visible` is false
         * where the model said no, else null. Without it, the model decides. 0 decides nothing: every entity keeps its
         * candidate boxes, and `visible` is null where the model did not say yes.
         */
        visible: z.optional(Score),
        /** Boxes with a lower score are dropped. */
        region: z._default(Score, DEFAULTS.regionThreshold),
      }),
      { mention: DEFAULTS.mentionThreshold, region: DEFAULTS.regionThreshold },
    ),
    offset_encoding: z._default(PositionEncoding, "utf-16"),
  })
  .check(oneOfWords);
export type RecognizeRequest = z.infer<typeof RecognizeRequest>;

/**
 * Why `visible` is null: there is no picture, the task did not ask for it, the stage failed, `max_cost_usd` did not
 * allow the stage, the model refused to answer, or the model could not decide.
 */
export const VisibilityReason = z.enum([
  "no_image",
  "not_asked",
  "stage_failed",
  "over_budget",
  "refused",
  "undecided",
]);
export type VisibilityReason = z.infer<typeof VisibilityReason>;

/**
 * Why there is no mask: the task did not ask for it, the stage failed, `max_cost_usd` did not allow the stage, the
 * model gave none, less than 0.8 of it lay inside the box, or its bounds reached less than IoU 0.5 with the box.
 */
export const MaskReason = z.enum([
  "not_asked",
  "stage_failed",
  "over_budget",
  "no_mask",
  "outside_box",
  "bounds_differ",
]);
export type MaskReason = z.infer<typeof MaskReason>;

/** The mask of a box. */
export const MaskPart = {
  /** The mask, at the size of the picture; null when there is none. */
  mask: z.nullable(z.union([RleMask, PolygonMask, CocoMask])),
  /** The model's own confidence in the mask; null when it has none that follows the mask's IoU. */
  mask_score: z.nullable(Score),
  /** The model that made the mask. */
  mask_method: z.nullable(z.string()),
  /** Why there is no mask; null when there is one. */
  mask_reason: z.nullable(MaskReason),
  /** A signed link to the mask as a PNG of one channel. It expires. Null without a mask and with `store: false`. */
  mask_url: z.nullable(z.string()),
};

/** A box that was found for an entity. */
export const FoundBox = {
  /** Unique in the answer: the entity's id and the number of its region, as in `e1-r1`. */
  id: z.string(),
  box: Box,
  /** The model's confidence that there is something of this kind in the box; null when it has none. */
  score: z.nullable(Score),
  /** The model that found the box. */
  method: z.string(),
  /** Whether the box shows the entity itself or its printed name; null when the model does not tell. */
  evidence: z.nullable(EvidenceKind),
  /** Why the box is taken for the named one, and how sure that is. */
  link: Link,
};

/** A place in the picture that shows an entity. */
export const Region = z.object({
  ...FoundBox,
  ...MaskPart,
});
export type Region = z.infer<typeof Region>;

/** Where a mention is in the text. */
export const Position = {
  /** The first position, counted in `offset_encoding`. */
  start: Span.shape.start,
  /** The position after the last, counted in `offset_encoding`. */
  end: Span.shape.end,
  /** The tokens of the mention, counted from 0; null when the request had no `tokens`. */
  tokens: z.nullable(Span),
};

/** Whether the picture shows an entity. */
export const Visible = {
  /**
   * True when the picture shows the entity itself or its printed name. False when it was looked for, would have been
   * found, and was not; null when this is not known. It is decided from the text and from what the picture shows, never
   * by recognising a face.
   */
  visible: z.nullable(z.boolean()),
  /** How `visible` was decided. */
  visibility: z.object({
    /** The probability that the entity is visible; null when the model computed none. */
    score: z.nullable(Score),
    /** The model or the rule that decided; null when none did. */
    method: z.nullable(z.string()),
    /** True when the score was fitted on labelled data, so that it can be read as a probability. */
    calibrated: z.boolean(),
    /** Whether the entity itself or its printed name was found; null when neither was, or the model does not tell. */
    evidence: z.nullable(EvidenceKind),
    /** Why `visible` is null; null when it is not. */
    reason: z.nullable(VisibilityReason),
  }),
};

/** Words that describe an entity to the models that see the picture. */
export const ReferringExpression = z.object({
  /** The expression. */
  text: z.string(),
  /** `llm` when a language model wrote it, `template` when a rule did. */
  method: z.enum(["llm", "template"]),
});

/** One name with one type, and everything that was found for it. */
export const Entity = z.object({
  /** Unique in the answer: `e1`, `e2`, … in text order. */
  id: z.string(),
  /**
   * The name as a person reads its first mention: without a leading `@` or `#` and invisible characters, with the
   * characters that HTML entities stand for and plain letters for styled ones.
   */
  text: Name,
  /** One of the types in `labels`. */
  type: TypeName,
  /** With `labels: "fine"`, the one of FMNERG's 8 coarse types that `type` belongs to; null otherwise. */
  coarse_type: z.nullable(z.string()),
  /** The highest score of its mentions; null when the model computed none. */
  score: z.nullable(Score),
  /** Every place where the text names the entity, in text order. */
  mentions: z.array(
    z.object({
      ...Position,
      /** The probability of the mention's type; null when the model computed none. */
      score: z.nullable(Score),
    }),
  ),
  /** The referring expression that entailment and grounding used; null when the entity was not expanded. */
  expression: z.nullable(ReferringExpression),
  ...Visible,
  /** Where the entity is in the picture, best first. Empty when `visible` is false. */
  regions: z.array(Region),
});
export type Entity = z.infer<typeof Entity>;

/**
 * One model that was called, or one cached result: all attempts together. A call that only prepares the picture for a
 * later one (`segmentation`) is no attempt; `attempts` and `ms` leave it out, `cost_usd` includes it.
 */
export const StageRecord = z.object({
  stage: StageName,
  /** The model's own name; its entry in the chain when it never answered. */
  model: z.string(),
  /** The model's version; null when it never answered. */
  version: z.nullable(z.string()),
  provider: ProviderName,
  /** How many times the model was asked. 0 when the result was cached, or when the model only prepared the picture. */
  attempts: z.int(),
  /** Whether the result came from the cache. */
  cached: z.boolean(),
  /**
   * Milliseconds of wall time from the start of the first attempt to the end of the last: attempts that ran in parallel
   * count once, and the waits between retries count. For a cached result, the time in which it was read.
   */
  ms: z.number(),
  /**
   * What the calls cost in US dollars, as a decimal string, from what the host reported and its price; null when the
   * host reported too little or the price is not known.
   */
  cost_usd: z.nullable(z.string()),
});
export type StageRecord = z.infer<typeof StageRecord>;

/** The picture of the request, once it is upright. */
export const ImageFacts = z.object({
  ...Size.shape,
  /** SHA-256 of the bytes received, in hexadecimal. */
  sha256: z.string(),
});

/** What every answer has beside its results. */
export const Envelope = {
  /** The id of the request. */
  id: z.string(),
  /** True when a stage did not answer in full; `problems` says which and why. */
  partial: z.boolean(),
  /** What went wrong, or what the caller should know, without ending the request. */
  problems: z.array(Problem),
  /** The models that were called, in the order of the pipeline. */
  stages: z.array(StageRecord),
  /** What the answer cost; null where nobody pays (`ACCESS=open`). */
  charge: z.nullable(Charge),
};

/** An answer before anybody knows what it cost. */
export type Uncharged<Answer extends { readonly charge: unknown }> = Omit<Answer, "charge">;

/** The entities of a post. */
export const RecognizeAnswer = z.object({
  ...Envelope,
  offset_encoding: PositionEncoding,
  /** The picture; null without one. */
  image: z.nullable(ImageFacts),
  /** The entities in text order. */
  entities: z.array(Entity),
  /**
   * A signed link to the answer drawn on the picture, as PNG; it expires with the mask links and is drawn when first
   * fetched. Null without a picture and with `store: false`.
   */
  overlay_url: z.nullable(z.string()),
});
export type RecognizeAnswer = z.infer<typeof RecognizeAnswer>;
