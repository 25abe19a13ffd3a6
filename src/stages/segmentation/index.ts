import { cogAdapter } from "../adapters/cog.ts";
import type { StageAdapter } from "../model.ts";
import { boxPrompted } from "./box-prompted.ts";
import { fastsam } from "./fastsam.ts";
import { moondream } from "./moondream.ts";
import { sam3 } from "./sam3.ts";
import { sam3Fal } from "./sam3-fal.ts";
import { sam3Roboflow } from "./sam3-roboflow.ts";
import { segmentAnythingTryout } from "./segment-anything-tryout.ts";

/** One line for each model file of this folder, in the order in which they are listed. */
export const segmentation: readonly StageAdapter<"segmentation">[] = [
  sam3Fal,
  sam3Roboflow,
  moondream,
  sam3,
  segmentAnythingTryout,
  fastsam,
  boxPrompted,
  cogAdapter("segmentation", "1"),
];
