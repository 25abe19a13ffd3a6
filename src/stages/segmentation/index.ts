import type { StageAdapter } from "../stage-adapter.ts";
import { boxPrompted } from "./box-prompted.ts";
import { cog } from "./cog.ts";
import { fastsam } from "./fastsam.ts";
import { sam3 } from "./sam3.ts";
import { segmentAnythingTryout } from "./segment-anything-tryout.ts";

/** A model more is a file beside this one, and a line here. Where two serve a name, the first does. */
export const segmentation: readonly StageAdapter<"segmentation">[] = [
  sam3, //
  segmentAnythingTryout,
  fastsam,
  boxPrompted,
  cog,
];
