import type { StageAdapter } from "../stage-adapter.ts";
import { cog } from "./cog.ts";
import { florence2 } from "./florence-2.ts";
import { gemini } from "./gemini.ts";
import { groundingDino } from "./grounding-dino.ts";
import { moondream } from "./moondream.ts";
import { ofaVg } from "./ofa-vg.ts";
import { owlViT } from "./owl-vit.ts";
import { qwenVl } from "./qwen-vl.ts";
import { zeroShotDetection } from "./zero-shot-detection.ts";

/** A model more is a file beside this one, and a line here. Where two serve a name, the first does. */
export const grounding: readonly StageAdapter<"grounding">[] = [
  groundingDino,
  moondream,
  qwenVl,
  gemini,
  florence2,
  owlViT,
  zeroShotDetection,
  ofaVg,
  cog,
];
