import type { StageAdapter } from "../stage-adapter.ts";
import { chat } from "./chat.ts";
import { cog } from "./cog.ts";
import { tokenClassification } from "./token-classification.ts";

/** A model more is a file beside this one, and a line here. Where two serve a name, the first does. */
export const mner: readonly StageAdapter<"mner">[] = [
  tokenClassification, //
  chat,
  cog,
];
