import type { StageAdapter } from "../stage-adapter.ts";
import { cog } from "./cog.ts";
import { images } from "./images.ts";

/** A model more is a file beside this one, and a line here. */
export const picture: readonly StageAdapter<"picture">[] = [cog, images];
