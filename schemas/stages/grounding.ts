import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";
import { AnsweredId, Box, listOf, ModelName, ranBy, Score, Size, StageEntity } from "../primitives.ts";
import { PictureSource } from "./picture.ts";

/**
 * A picture, and entities to find in it (visual grounding: RiVEG, arXiv 2402.09989, section 3.4). An entity may have
 * any number of boxes, where RiVEG returns one.
 */
export const GroundingInput = z.strictObject({
  image: PictureSource,
  /** The size of the picture that is sent, in pixels. */
  size: z.optional(Size),
  entities: z.array(StageEntity).check(z.maxLength(LIMITS.stageEntities)),
});
export type GroundingInput = z.infer<typeof GroundingInput>;

/** A box in pixels of the picture that was sent, and the model that found it. */
export const GroundedRegion = z.object({ box: Box, score: z.nullable(Score), method: ModelName });
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
