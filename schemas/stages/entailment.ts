import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";
import { Expression, ranBy, Score, Size, StageEntity } from "../primitives.ts";
import { PictureSource } from "./picture.ts";

/** Can each entity be seen in the picture? (RiVEG's visual entailment, arXiv 2402.09989, section 3.3.) */
export const EntailmentInput = z.strictObject({
  image: PictureSource,
  /** Of the picture that is sent. */
  size: z.optional(Size),
  caption: z.optional(Expression),
  entities: z.array(StageEntity).check(z.maxLength(LIMITS.stageEntities)),
});
export type EntailmentInput = z.infer<typeof EntailmentInput>;

/**
 * `score` is null when the model computed none; `calibrated` is true only for a score that was fitted on labelled data.
 */
export const Judgement = z.object({
  id: z.string(),
  visible: z.nullable(z.boolean()),
  score: z.nullable(Score),
  method: z.string(),
  calibrated: z.boolean(),
  /** Why `visible` is null. */
  reason: z._default(z.nullable(z.enum(["refused", "undecided"])), null),
});
export type Judgement = z.infer<typeof Judgement>;

export const EntailmentOutput = z.object({ ...ranBy, judgements: z.array(Judgement) });
export type EntailmentOutput = z.infer<typeof EntailmentOutput>;
