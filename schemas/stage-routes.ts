import * as z from "zod/mini";
import { Labels } from "./labels.ts";
import { DEFAULTS, LIMITS } from "./limits.ts";
import { Box, Expression, Name, PositionEncoding, Score, Text, TypeName, VISIBLE } from "./primitives.ts";
import {
  Allowance,
  Envelope,
  FoundBox,
  Image,
  ImageFacts,
  MaskForm,
  MaskPart,
  oneOfWords,
  Position,
  Store,
  Visible,
  Words,
} from "./recognize.ts";

/** The stages, each callable alone: `POST /v1/mner`, `/v1/expand`, `/v1/entail`, `/v1/ground` and `/v1/segment`. */

/** The caller's own name for an item, unique in the request. Without one, items are numbered: `e1`, `r1`, … */
const Id = z.optional(z.string().check(z.minLength(1), z.maxLength(LIMITS.idLength)));
/** A name as the post writes it. */
const SentName = Name.check(z.regex(VISIBLE));
/** Words about a picture. */
const SentExpression = Expression.check(z.regex(VISIBLE));
/** Equal to the id in the request, or numbered in the request's order: `e1`, `r1`, … */
const ResultId = z.string();

/**
 * A text in which to find mentions.
 *
 * @example { "text": "Eileen Collins in Houston" }
 */
export const MnerRequest = z
  .strictObject({
    ...Words,
    /** The picture of the post, for models that use it. Other models read the text alone. */
    image: z.optional(Image),
    labels: z._default(Labels, "gmner"),
    /** The scores from which results are returned. */
    thresholds: z._default(
      z.strictObject({
        /** Mentions with a lower score are dropped. */
        mention: z._default(Score, DEFAULTS.mentionThreshold),
      }),
      { mention: DEFAULTS.mentionThreshold },
    ),
    offset_encoding: z._default(PositionEncoding, "utf-16"),
    store: Store,
    ...Allowance,
  })
  .check(oneOfWords);

/** The mentions of a text. */
export const MnerAnswer = z.object({
  ...Envelope,
  offset_encoding: PositionEncoding,
  /** In text order. One name may be mentioned more than once. */
  mentions: z.array(
    z.object({
      /** The mention as the text writes it. */
      text: z.string(),
      /** One of the types in `labels`. */
      type: TypeName,
      /** With `labels: "fine"`, the one of FMNERG's 8 coarse types that `type` belongs to; null otherwise. */
      coarse_type: z.nullable(z.string()),
      ...Position,
      /** The probability of the type; null when the model computed none. */
      score: z.nullable(Score),
    }),
  ),
});
export type MnerAnswer = z.infer<typeof MnerAnswer>;

/**
 * Entities of a post for which to write referring expressions.
 *
 * @example { "text": "Eileen Collins in Houston", "entities": [{ "text": "Eileen Collins", "type": "PER" }] }
 */
export const ExpandRequest = z
  .strictObject({
    ...Words,
    /** What the picture shows, in words, as background for the model. */
    caption: z.optional(SentExpression),
    /** The entities to expand. */
    entities: z
      .array(z.strictObject({ id: Id, text: SentName, type: TypeName }))
      .check(z.minLength(1), z.maxLength(LIMITS.entities)),
    store: Store,
    ...Allowance,
  })
  .check(oneOfWords);

/** One referring expression for each entity. */
export const ExpandAnswer = z.object({
  ...Envelope,
  /** One for each entity, in their order. */
  expressions: z.array(
    z.object({
      id: ResultId,
      /** The expression; null when the model gave none. */
      text: z.nullable(z.string()),
      /** `llm` when a language model wrote it, `template` when a rule did, null when there is none. */
      method: z.nullable(z.enum(["llm", "template"])),
    }),
  ),
});
export type ExpandAnswer = z.infer<typeof ExpandAnswer>;

/** What to find in a picture: a name, an expression, or both. At least one of `text` and `expression` is required. */
export const EntityQuery = z
  .strictObject({
    id: Id,
    text: z.optional(SentName),
    type: z.optional(TypeName),
    /** What the model should find, in words. */
    expression: z.optional(SentExpression),
  })
  .check(
    z.refine(({ text, expression }) => text !== undefined || expression !== undefined, {
      path: ["text"],
      error: "or expression is required",
    }),
  );
const EntityQueries = z.array(EntityQuery).check(z.minLength(1), z.maxLength(LIMITS.entities));

/**
 * A picture, and what may be visible in it.
 *
 * @example { "image": "data:image/png;base64,iVBOR…", "entities": [{ "expression": "a woman in an orange space suit" }]
 * }
 */
export const EntailRequest = z.strictObject({
  image: Image,
  /** The text of the post, which may say who is not in the picture. */
  text: z.optional(Text),
  /** What the picture shows, in words, as background for the model. */
  caption: z.optional(SentExpression),
  /** The entities to judge. */
  entities: EntityQueries,
  /** The scores from which entities are visible. */
  thresholds: z._default(
    z.strictObject({
      /**
       * An entity is visible from this score up; below it, `visible` is false where the model said no, else null.
       * Without it, the model decides. 0 decides nothing: `visible` is null where the model did not say yes.
       */
      visible: z.optional(Score),
    }),
    {},
  ),
  store: Store,
  ...Allowance,
});

/** Whether the picture shows each entity. */
export const EntailAnswer = z.object({
  ...Envelope,
  image: ImageFacts,
  /** One for each entity, in their order. */
  judgements: z.array(z.object({ id: ResultId, ...Visible })),
});
export type EntailAnswer = z.infer<typeof EntailAnswer>;

/**
 * A picture, and what to find in it.
 *
 * @example { "image": "data:image/png;base64,iVBOR…", "entities": [{ "expression": "a woman in an orange space suit" }]
 * }
 */
export const GroundRequest = z.strictObject({
  image: Image,
  /** The text of the post, which may say who is where. */
  text: z.optional(Text),
  /** The entities to find. */
  entities: EntityQueries,
  /** The scores from which results are returned. */
  thresholds: z._default(
    z.strictObject({
      /** Boxes with a lower score are dropped. */
      region: z._default(Score, DEFAULTS.regionThreshold),
    }),
    { region: DEFAULTS.regionThreshold },
  ),
  store: Store,
  ...Allowance,
});

/** The boxes of each entity. */
export const GroundAnswer = z.object({
  ...Envelope,
  image: ImageFacts,
  /** One for each entity, in their order. */
  groundings: z.array(
    z.object({
      id: ResultId,
      /** Every candidate box that the model has, best first. */
      regions: z.array(z.object(FoundBox)),
    }),
  ),
});
export type GroundAnswer = z.infer<typeof GroundAnswer>;

const coordinate = z.number().check(z.gte(-LIMITS.coordinate), z.lte(LIMITS.coordinate));
/**
 * A box in pixels of the upright picture, from any model, as an object or as `[xmin, ymin, xmax, ymax]`. The part
 * outside the picture is cut off.
 */
const BoxPrompt = z.union([
  z.strictObject({
    /** The left edge. */
    xmin: coordinate,
    /** The top edge. */
    ymin: coordinate,
    /** The right edge. */
    xmax: coordinate,
    /** The bottom edge. */
    ymax: coordinate,
  }),
  z.pipe(
    z.tuple([coordinate, coordinate, coordinate, coordinate]),
    z.transform(([xmin, ymin, xmax, ymax]) => ({ xmin, ymin, xmax, ymax })),
  ),
]);

/**
 * A picture, and boxes in it to segment.
 *
 * @example { "image": "data:image/png;base64,iVBOR…", "boxes": [{ "box": { "xmin": 25, "ymin": 8, "xmax": 368, "ymax":
 * 481 }, "type": "PER" }] }
 */
export const SegmentRequest = z.strictObject({
  image: Image,
  /** The boxes to segment. */
  boxes: z
    .array(
      z.strictObject({
        id: Id,
        box: BoxPrompt,
        /** The type of the entity in the box, for models that use it. */
        type: z.optional(TypeName),
      }),
    )
    .check(z.minLength(1), z.maxLength(LIMITS.boxes)),
  masks: z._default(MaskForm, "rle"),
  store: Store,
  ...Allowance,
});

/** One mask for each box. */
export const SegmentAnswer = z.object({
  ...Envelope,
  image: ImageFacts,
  /** One for each box, in their order. */
  masks: z.array(
    z.object({
      id: ResultId,
      /** The box of the request, cut to the picture. */
      box: Box,
      ...MaskPart,
    }),
  ),
});
export type SegmentAnswer = z.infer<typeof SegmentAnswer>;
