import type { StageAdapter } from "../stage-adapter.ts";
import { chat } from "./chat.ts";
import { cog } from "./cog.ts";
import { florence2 } from "./florence-2.ts";
import { imageToText } from "./image-to-text.ts";
import { moondream } from "./moondream.ts";
import { moondream2 } from "./moondream2.ts";

/** A model more is a file beside this one, and a line here. Where two serve a name, the first does. */
export const caption: readonly StageAdapter<"caption">[] = [imageToText, chat, moondream, moondream2, florence2, cog];
