import type { StageAdapter } from "../stage-adapter.ts";
import { cog } from "./cog.ts";
import { groundingDino } from "./grounding-dino.ts";

/** A model more is a file beside this one, and a line here. Where two serve a name, the first does. */
export const grounding: readonly StageAdapter<"grounding">[] = [
  groundingDino, //
  cog,
];
