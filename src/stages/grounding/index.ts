import { cogAdapter } from "../adapters/cog.ts";
import type { StageAdapter } from "../model.ts";
import { florence2 } from "./florence-2.ts";
import { gemini } from "./gemini.ts";
import { groundingDino } from "./grounding-dino.ts";
import { moondream } from "./moondream.ts";
import { moondreamCloud } from "./moondream-cloud.ts";
import { moondreamFal } from "./moondream-fal.ts";
import { ofaVg } from "./ofa-vg.ts";
import { owlViT } from "./owl-vit.ts";
import { qwenVl } from "./qwen-vl.ts";
import { zeroShotDetection } from "./zero-shot-detection.ts";

/** One line for each model file of this folder, in the order in which they are listed. */
export const grounding: readonly StageAdapter<"grounding">[] = [
  groundingDino,
  moondream,
  moondreamCloud,
  moondreamFal,
  qwenVl,
  gemini,
  florence2,
  owlViT,
  zeroShotDetection,
  ofaVg,
  cogAdapter("grounding", "1"),
];
