import type { Box, EntityType, RleMask } from "../../schemas/primitives.ts";
import type { Picture } from "../pictures.ts";
import type { Pause } from "../queue.ts";

/**
 * A mask of the picture's size, never empty; its score, null when no model gave a probability; and the method's name.
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
  /** Compute in advance what all boxes of the picture need. */
  warm(picture: Picture, pause?: Pause): Promise<void>;
  /**
   * The mask of the object in a box, which must be inside the picture; null when none is found. Throws when a model
   * fails.
   */
  segment(picture: Picture, box: Box, type: EntityType | undefined, pause?: Pause): Promise<Segment | null>;
}
