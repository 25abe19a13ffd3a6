import { cogAdapter } from "../adapters/cog.ts";
import type { StageAdapter } from "../model.ts";
import { chat } from "./chat.ts";
import { tokenClassification } from "./token-classification.ts";

/** One line for each model file of this folder, in the order in which they are listed. */
export const mner: readonly StageAdapter<"mner">[] = [
  tokenClassification, //
  chat,
  cogAdapter("mner", "1", { covers: (labels) => labels === "gmner" }),
];
