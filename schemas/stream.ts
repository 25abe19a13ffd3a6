import * as z from "zod/mini";
import { Name, TypeName } from "./primitives.ts";
import { Problem } from "./problem.ts";
import { FoundBox, MaskPart, Position, RecognizeAnswer, ReferringExpression, Visible } from "./recognize.ts";

/** An entity's id in the answer, `e1`, `e2`, … */
const EntityId = z.string();

/** One place where the text names an entity. The first one of an entity is the first that is heard of it. */
export const MentionEvent = z.object({
  /** The entity that is named. */
  entity: z.object({
    /** Its id in the answer: `e1`, `e2`, … */
    id: EntityId,
    /** Its name, as in the answer. */
    text: Name,
    /** One of the types in `labels`. */
    type: TypeName,
    /** As in the answer. */
    coarse_type: z.nullable(z.string()),
  }),
  /** Where the text names it. */
  mention: z.object({
    /** The text between `start` and `end`. */
    text: z.string(),
    ...Position,
    /** The probability of the mention's type; null when the model computed none. */
    score: z.nullable(z.number()),
  }),
});

/** The referring expression of an entity. */
export const ExpressionEvent = z.object({
  entity_id: EntityId,
  /** The expression. */
  expression: ReferringExpression,
});

/** Whether the picture shows an entity. */
export const VisibilityEvent = z.object({ entity_id: EntityId, ...Visible });

/** A box of an entity. With `task: "smner"`, its mask follows. */
export const RegionEvent = z.object({ entity_id: EntityId, ...FoundBox });

/** The mask of a region, or why it has none. */
export const MaskEvent = z.object({
  /** The region's id. */
  region_id: z.string(),
  ...MaskPart,
});

/**
 * The data of each event of a stream, by its name. Every event but the last is one finding, sent as soon as it is
 * known; `end` is the whole answer, as JSON alone would have it.
 */
export const STREAM_EVENTS = {
  mention: MentionEvent,
  expression: ExpressionEvent,
  visibility: VisibilityEvent,
  region: RegionEvent,
  mask: MaskEvent,
  problem: Problem,
  end: RecognizeAnswer,
} as const;

/** The names of those schemas in the OpenAPI document. */
export const STREAM_EVENT_SCHEMAS: Readonly<Record<keyof typeof STREAM_EVENTS, string>> = {
  mention: "MentionEvent",
  expression: "ExpressionEvent",
  visibility: "VisibilityEvent",
  region: "RegionEvent",
  mask: "MaskEvent",
  problem: "Problem",
  end: "RecognizeAnswer",
};

export type StreamEventName = keyof typeof STREAM_EVENTS;
