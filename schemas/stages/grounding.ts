import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";
import { Box, ranBy, Score, Size, StageEntity } from "../primitives.ts";
import { PictureSource } from "./picture.ts";

/**
 * Where is each entity? Any number of boxes for each (RiVEG's visual grounding, arXiv 2402.09989, section 3.4, returns
 * one).
 */
export const GroundingInput = z.strictObject({
  image: PictureSource,
  /** Of the picture that is sent. */
  size: z.optional(Size),
  entities: z.array(StageEntity).check(z.maxLength(LIMITS.stageEntities)),
});
export type GroundingInput = z.infer<typeof GroundingInput>;

/** Boxes are in pixels of the picture that was sent, best first. `method` names the detector that found the box. */
export const GroundedRegion = z.object({ box: Box, score: z.nullable(Score), method: z.string() });
export type GroundedRegion = z.infer<typeof GroundedRegion>;

export const GroundingOutput = z.object({
  ...ranBy,
  groundings: z.array(z.object({ id: z.string(), regions: z.array(GroundedRegion) })),
});
export type GroundingOutput = z.infer<typeof GroundingOutput>;
