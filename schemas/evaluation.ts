import * as z from "zod/mini";
import { PositionEncoding, RleMask } from "./primitives.ts";

/** A box as `[x1, y1, x2, y2]` in pixels of the upright picture: left, top, right and bottom edge. */
export const BoxCorners = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export type BoxCorners = z.infer<typeof BoxCorners>;

const offset = z.int().check(z.gte(0));

/** A named entity of a post: one place in the text, with its regions in the picture. */
export const EvaluatedEntity = z
  .strictObject({
    /** The name as the post writes it; tokens are joined by one space. */
    text: z.string(),
    /** Its type: PER, LOC, ORG or OTHER, or a type of another label set. MISC is read as OTHER. */
    type: z.string().check(z.minLength(1)),
    /** The first position, in `offset_unit`. Null where positions are not known: no protocol by offsets is scored. */
    start: z._default(z.nullable(offset), null),
    /** The position after the last. */
    end: z._default(z.nullable(offset), null),
    /** In a prediction the boxes, best first; in gold every box. Empty when the picture does not show the entity. */
    boxes: z._default(z.array(BoxCorners), []),
    /**
     * The masks of the boxes, in their order, null where a box has none; empty without masks. Gold may have masks and
     * no boxes.
     */
    masks: z._default(z.array(z.nullable(RleMask)), []),
  })
  .check(
    z.superRefine(({ start, end }, context) => {
      if ((start === null) !== (end === null) || (start !== null && end !== null && end <= start))
        context.addIssue({ code: "custom", path: ["end"], message: "must be after start, or both must be null" });
    }),
  );
export type EvaluatedEntity = z.infer<typeof EvaluatedEntity>;

/** A post of an evaluation, gold or predicted: one line of a JSON-lines file. */
export const EvaluatedPost = z.strictObject({
  /** The post's id in the data set: of Twitter-GMNER, what stands behind `IMGID:`. */
  id: z.string().check(z.minLength(1)),
  /** The unit in which `start` and `end` count. `token` counts the data set's tokens. */
  offset_unit: z._default(PositionEncoding, "token"),
  /** The post's tokens. Needed only to compare files whose offsets have different units. */
  tokens: z.optional(z.array(z.string())),
  /** The post's text, where it has no tokens. */
  text: z.optional(z.string()),
  entities: z.array(EvaluatedEntity),
  /** Why a system has no answer for the post. It counts as an answer without entities, and as failed. */
  error: z.optional(z.string()),
});
export type EvaluatedPost = z.infer<typeof EvaluatedPost>;
