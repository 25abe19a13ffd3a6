import type { StageAdapter } from "../stage-adapter.ts";
import { cog } from "./cog.ts";

/** A model more is a file beside this one, and a line here. */
export const caption: readonly StageAdapter<"caption">[] = [cog];
