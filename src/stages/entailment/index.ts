import type { StageAdapter } from "../stage-adapter.ts";
import { cog } from "./cog.ts";
import { yesNo } from "./yes-no.ts";

/** A model more is a file beside this one, and a line here. Where two serve a name, the first does. */
export const entailment: readonly StageAdapter<"entailment">[] = [
  yesNo, //
  cog,
];
