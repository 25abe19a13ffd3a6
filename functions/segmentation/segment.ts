import type { Box, EntityType, RleMask } from "../../schemas/primitives.ts";
import type { Picture } from "../pictures.ts";
import type { Pause, Turn } from "../queue.ts";

/**
 * A mask of the picture's size, never empty; its score, null when no model gave one that says how good the mask is; and
 * the method's name. `layer` says what lies in front where two masks meet: the higher one.
 */
export interface Segment {
  readonly mask: RleMask;
  readonly score: number | null;
  readonly method: string;
  readonly layer?: number;
}

/** A box of which a mask is wanted; it is inside the picture. */
export interface BoxRequest {
  readonly box: Box;
  readonly type: EntityType | undefined;
}

/** What became of one box: its mask, null when nothing is found in it, or an error when a model failed on it. */
export type Outcome = Segment | null | Error;

/** Makes the masks of boxes. */
export interface Segmenter {
  readonly model: string;
  readonly version: string;
  /**
   * Compute in advance what all boxes of the picture need. While `isAlone` says that no other job waits, this may
   * include what only some boxes need.
   */
  warm(picture: Picture, pause?: Pause, isAlone?: Turn["isAlone"]): Promise<void>;
  /**
   * The outcomes of boxes in one picture, in their order. The masks may share pixels. Calls `pause` before each box
   * and throws what it throws; also throws when what all boxes need cannot be computed.
   */
  segment(picture: Picture, requests: readonly BoxRequest[], pause: Pause): Promise<readonly Outcome[]>;
}

/** What `work` gives, or the error that it throws: a failure costs one box its mask, and the others nothing. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | Error> {
  try {
    return await work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
