import { cogAdapter } from "../adapters/cog.ts";
import type { StageAdapter } from "../model.ts";
import { boxPrompted } from "./box-prompted.ts";
import { fastsam } from "./fastsam.ts";
import { sam3 } from "./sam3.ts";
import { segmentAnythingTryout } from "./segment-anything-tryout.ts";

/** One line for each model file of this folder, in the order in which they are listed. */
export const segmentation: readonly StageAdapter<"segmentation">[] = [
  sam3, //
  segmentAnythingTryout,
  fastsam,
  boxPrompted,
  cogAdapter("segmentation", "1"),
];
