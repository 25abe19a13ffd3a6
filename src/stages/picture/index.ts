import { cogAdapter } from "../adapters/cog.ts";
import type { StageAdapter } from "../model.ts";
import { images } from "./images.ts";

/** One line for each model file of this folder, in the order in which they are listed. */
export const picture: readonly StageAdapter<"picture">[] = [cogAdapter("picture", "1"), images];
