import * as z from "zod/mini";
import { Labels } from "./labels.ts";
import { DEFAULTS, LIMITS } from "./limits.ts";
import { Box, Expression, Name, OffsetEncoding, Score, TypeName } from "./primitives.ts";
import { Envelope, Image, ImageFacts, MaskForm, MaskPart, oneOfWords, Position, Visible, Words } from "./recognize.ts";

/** The stages, each callable alone: `POST /v1/mner`, `/v1/expand`, `/v1/entail`, `/v1/ground` and `/v1/segment`. */

/**
 * A caller's own name for an entity or a box, unique in the request; `e1`, `e2`, … or `r1`, `r2`, … by place without
 * one.
 */
const Id = z.optional(z.string().check(z.minLength(1), z.maxLength(LIMITS.idLength)));
const Store = z._default(z.boolean(), true);

/** @example { "text": "Eileen Collins in Houston" } */
export const MnerRequest = z
  .strictObject({
    ...Words,
    /** For models that look at it; others read the text alone. */
    image: z.optional(Image),
    labels: z._default(Labels, "gmner"),
    /** Mentions below it are dropped. */
    thresholds: z._default(z.strictObject({ mention: z._default(Score, DEFAULTS.mentionThreshold) }), {
      mention: DEFAULTS.mentionThreshold,
    }),
    offset_encoding: z._default(OffsetEncoding, "utf-16"),
    store: Store,
  })
  .check(oneOfWords);

export const MnerAnswer = z.object({
  ...Envelope,
  offset_encoding: OffsetEncoding,
  /** In text order; one name may be mentioned more than once. */
  mentions: z.array(
    z.object({
      text: z.string(),
      type: TypeName,
      coarse_type: z.nullable(z.string()),
      ...Position,
      score: z.nullable(Score),
    }),
  ),
});
export type MnerAnswer = z.infer<typeof MnerAnswer>;

/** @example { "text": "Eileen Collins in Houston", "entities": [{ "text": "Eileen Collins", "type": "PER" }] } */
export const ExpandRequest = z
  .strictObject({
    ...Words,
    /** What the picture shows, in words: background for the model. */
    caption: z.optional(Expression),
    entities: z
      .array(z.strictObject({ id: Id, text: Name, type: TypeName }))
      .check(z.minLength(1), z.maxLength(LIMITS.entities)),
    store: Store,
  })
  .check(oneOfWords);

export const ExpandAnswer = z.object({
  ...Envelope,
  /** One for each entity, in their order; `text` is null where the model gave none. */
  expressions: z.array(
    z.object({ id: z.string(), text: z.nullable(z.string()), method: z.nullable(z.enum(["llm", "template"])) }),
  ),
});
export type ExpandAnswer = z.infer<typeof ExpandAnswer>;

/** What to look for: a name, or an expression that stands for itself, or both. */
export const Sought = z
  .strictObject({ id: Id, text: z.optional(Name), type: z.optional(TypeName), expression: z.optional(Expression) })
  .check(
    z.refine(({ text, expression }) => text !== undefined || expression !== undefined, {
      path: ["text"],
      error: "or expression is required",
    }),
  );
const SoughtList = z.array(Sought).check(z.minLength(1), z.maxLength(LIMITS.entities));

/**
 * @example { "image": "data:image/png;base64,iVBOR…", "entities": [{ "expression": "a woman in an orange space suit" }]
 * }
 */
export const EntailRequest = z.strictObject({
  image: Image,
  caption: z.optional(Expression),
  entities: SoughtList,
  /** An entity is visible from this score up; without it the model's own decision stands. */
  thresholds: z._default(z.strictObject({ visible: z.optional(Score) }), {}),
  store: Store,
});

export const EntailAnswer = z.object({
  ...Envelope,
  image: ImageFacts,
  /** One for each entity, in their order. */
  judgements: z.array(z.object({ id: z.string(), ...Visible })),
});
export type EntailAnswer = z.infer<typeof EntailAnswer>;

/**
 * @example { "image": "data:image/png;base64,iVBOR…", "entities": [{ "expression": "a woman in an orange space suit" }]
 * }
 */
export const GroundRequest = z.strictObject({
  image: Image,
  entities: SoughtList,
  /** Regions below it are dropped. */
  thresholds: z._default(z.strictObject({ region: z._default(Score, DEFAULTS.regionThreshold) }), {
    region: DEFAULTS.regionThreshold,
  }),
  store: Store,
});

export const GroundAnswer = z.object({
  ...Envelope,
  image: ImageFacts,
  /** One for each entity, in their order, with every candidate that the model has; boxes in pixels of `image`. */
  groundings: z.array(
    z.object({
      id: z.string(),
      regions: z.array(z.object({ box: Box, score: z.nullable(Score), method: z.string() })),
    }),
  ),
});
export type GroundAnswer = z.infer<typeof GroundAnswer>;

const coordinate = z.number().check(z.gte(-LIMITS.coordinate), z.lte(LIMITS.coordinate));
const CallersBox = z.strictObject({ xmin: coordinate, ymin: coordinate, xmax: coordinate, ymax: coordinate });

/**
 * @example { "image": "data:image/png;base64,iVBOR…", "boxes": [{ "box": { "xmin": 25, "ymin": 8, "xmax": 368, "ymax":
 * 481 }, "type": "PER" }] }
 */
export const SegmentRequest = z.strictObject({
  image: Image,
  /** In pixels of the upright picture, from whatever model. What lies outside it is cut off. */
  boxes: z
    .array(z.strictObject({ id: Id, box: CallersBox, type: z.optional(TypeName) }))
    .check(z.minLength(1), z.maxLength(LIMITS.boxes)),
  masks: z._default(MaskForm, "rle"),
  store: Store,
});

export const SegmentAnswer = z.object({
  ...Envelope,
  image: ImageFacts,
  /** One for each box, in their order. `box` is the one that was asked for, cut to the picture. */
  masks: z.array(z.object({ id: z.string(), box: Box, ...MaskPart })),
});
export type SegmentAnswer = z.infer<typeof SegmentAnswer>;
