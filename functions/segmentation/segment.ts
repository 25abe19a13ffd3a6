import type { Box, EntityType, RleMask } from "../../schemas/primitives.ts";
import type { Picture } from "../pictures.ts";

/**
 * A mask of the picture's size, never empty, with what made it and its score (null where no model gave a probability).
 */
export interface Segment {
  readonly mask: RleMask;
  readonly score: number | null;
  readonly method: string;
}

/** Makes the mask of a box. */
export interface Segmenter {
  readonly model: string;
  readonly version: string;
  /** Compute what every box of the picture needs. */
  warm(picture: Picture): Promise<void>;
  /**
   * The mask of what stands in a box that lies in the picture, or null where there is none to find. Throws when a model
   * fails.
   */
  segment(picture: Picture, box: Box, type: EntityType | undefined): Promise<Segment | null>;
}
