import { cogAdapter } from "../adapters/cog.ts";
import type { StageAdapter } from "../model.ts";
import { chat } from "./chat.ts";
import { florence2 } from "./florence-2.ts";
import { imageToText } from "./image-to-text.ts";
import { moondream } from "./moondream.ts";
import { moondreamCloud } from "./moondream-cloud.ts";
import { moondreamFal } from "./moondream-fal.ts";
import { moondream2 } from "./moondream2.ts";

/** One line for each model file of this folder, in the order in which they are listed. */
export const caption: readonly StageAdapter<"caption">[] = [
  imageToText,
  chat,
  moondream,
  moondreamCloud,
  moondreamFal,
  moondream2,
  florence2,
  cogAdapter("caption", "1"),
];
