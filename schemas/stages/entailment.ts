import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";
import { EvidenceKind } from "../link.ts";
import { AnsweredId, Expression, listOf, ModelName, ranBy, Score, Size, StageEntity, Text } from "../primitives.ts";
import { PictureSource } from "./picture.ts";

/** A picture, and entities that it may show (visual entailment: RiVEG, arXiv 2402.09989, section 3.3). */
export const EntailmentInput = z.strictObject({
  image: PictureSource,
  /** The size of the picture that is sent, in pixels. */
  size: z.optional(Size),
  caption: z.optional(Expression),
  /** The text of the post, which may say who is not in the picture. */
  text: z.optional(Text),
  entities: z.array(StageEntity).check(z.maxLength(LIMITS.stageEntities)),
});
export type EntailmentInput = z.infer<typeof EntailmentInput>;

/** Whether the picture shows one entity. */
export const Judgement = z.object({
  /** The entity's id in the input. */
  id: AnsweredId,
  /** Null when this is not known. False only when what was looked for would have been found. */
  visible: z.nullable(z.boolean()),
  /** Whether the entity itself or its printed name was found; absent when neither was, or the model does not tell. */
  evidence: z.optional(EvidenceKind),
  /** The probability that the entity is visible; null when the model computed none. */
  score: z.nullable(Score),
  /** The model or the rule that decided. */
  method: ModelName,
  /** True only when the score was fitted on labelled data. */
  calibrated: z.boolean(),
  /** Why `visible` is null. */
  reason: z._default(z.nullable(z.enum(["refused", "undecided"])), null),
});
export type Judgement = z.infer<typeof Judgement>;

export const EntailmentOutput = z.object({ ...ranBy, judgements: listOf(Judgement, LIMITS.stageEntities) });
export type EntailmentOutput = z.infer<typeof EntailmentOutput>;
