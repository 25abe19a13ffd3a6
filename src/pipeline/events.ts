import type { Span } from "../../schemas/primitives.ts";
import type { Problem } from "../../schemas/problem.ts";
import type { Entity, Region, StageRecord } from "../../schemas/recognize.ts";
import { roundBox, roundMilliseconds, roundScore } from "../../schemas/rounding.ts";

/** The fields of an entity that all its mentions share. */
export type EntityName = Pick<Entity, "id" | "text" | "type" | "coarse_type">;

/**
 * One place where the text names an entity. Offsets are half-open, in the caller's `offset_encoding`; `text` is that
 * slice of the post's text.
 */
export interface FoundMention extends Span {
  readonly text: string;
  readonly tokens: Span | null;
  readonly score: number | null;
}

/** The words that describe an entity to the models that see the picture, and the method that wrote them. */
export type Expression = NonNullable<Entity["expression"]>;

/** Whether the picture shows an entity, and how that was decided. */
export type Visibility = Pick<Entity, "visible" | "visibility">;

/** The mask of a region, or the reason why it has none. */
export type MaskPart = Pick<Region, "mask" | "mask_score" | "mask_method" | "mask_reason" | "mask_url">;

/** A box of an entity, in pixels of the caller's upright picture. */
export type FoundRegion = Omit<Region, keyof MaskPart>;

/**
 * One finding of a run. Events are emitted in the order in which results arrive. The answer is a fold over them
 * (`fold.ts`), so that an answer and a stream of events cannot differ.
 */
export type RunEvent =
  | { readonly event: "mention"; readonly entity: EntityName; readonly mention: FoundMention }
  | { readonly event: "expression"; readonly entity_id: string; readonly expression: Expression }
  | { readonly event: "visibility"; readonly entity_id: string; readonly visibility: Visibility }
  | { readonly event: "region"; readonly entity_id: string; readonly region: FoundRegion }
  | { readonly event: "mask"; readonly region_id: string; readonly mask: MaskPart }
  | { readonly event: "problem"; readonly problem: Problem }
  /** The calls of one model so far in this run. A later record of the same stage and entry replaces it. */
  | { readonly event: "stage"; readonly entry: string; readonly record: StageRecord };

export type Emit = (event: RunEvent) => void;

/**
 * The event with its numbers rounded to what they mean: boxes to 0.01 pixel, scores to 4 places, milliseconds whole.
 */
export function roundEvent(event: RunEvent): RunEvent {
  switch (event.event) {
    case "mention":
      return { ...event, mention: { ...event.mention, score: roundScore(event.mention.score) } };
    case "visibility": {
      const { visible, visibility } = event.visibility;
      return { ...event, visibility: { visible, visibility: { ...visibility, score: roundScore(visibility.score) } } };
    }
    case "region": {
      const { box, score, link } = event.region;
      const rounded = {
        box: roundBox(box),
        score: roundScore(score),
        link: { ...link, score: roundScore(link.score) },
      };
      return { ...event, region: { ...event.region, ...rounded } };
    }
    case "mask":
      return { ...event, mask: { ...event.mask, mask_score: roundScore(event.mask.mask_score) } };
    case "stage":
      return { ...event, record: { ...event.record, ms: roundMilliseconds(event.record.ms) } };
    default:
      return event;
  }
}
