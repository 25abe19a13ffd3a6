import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";
import { EvidenceKind, StageLink } from "../link.ts";
import { AnsweredId, Box, listOf, ModelName, ranBy, Score, Size, StageEntity, Text } from "../primitives.ts";
import { PictureSource } from "./picture.ts";

/** A picture, and entities to find in it (RiVEG, arXiv 2402.09989, section 3.4, with any number of boxes each). */
export const GroundingInput = z.strictObject({
  image: PictureSource,
  /** The size of the picture that is sent, in pixels. */
  size: z.optional(Size),
  /** The text of the post, which may say who is where. */
  text: z.optional(Text),
  entities: z.array(StageEntity).check(z.maxLength(LIMITS.stageEntities)),
});
export type GroundingInput = z.infer<typeof GroundingInput>;

/** A box in pixels of the picture that was sent, and the model that found it. */
export const GroundedRegion = z.object({
  box: Box,
  score: z.nullable(Score),
  method: ModelName,
  /** Whether the box shows the thing itself or its printed name; absent when the model does not tell. */
  evidence: z.optional(EvidenceKind),
  /** Why the box is taken for the named one; absent when the model does not tell. */
  link: z.optional(StageLink),
});
export type GroundedRegion = z.infer<typeof GroundedRegion>;

export const GroundingOutput = z.object({
  ...ranBy,
  /** One for each entity, its boxes best first. */
  groundings: listOf(
    z.object({ id: AnsweredId, regions: listOf(GroundedRegion, LIMITS.entityRegions) }),
    LIMITS.stageEntities,
  ),
});
export type GroundingOutput = z.infer<typeof GroundingOutput>;
