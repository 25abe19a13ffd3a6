import { cogAdapter } from "../adapters/cog.ts";
import type { StageAdapter } from "../model.ts";
import { chat } from "./chat.ts";

/** One line for each model file of this folder, in the order in which they are listed. */
export const knowledge: readonly StageAdapter<"knowledge">[] = [
  chat, //
  cogAdapter("knowledge", "1"),
];
