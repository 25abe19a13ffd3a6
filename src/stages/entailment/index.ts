import type { StageAdapter } from "../stage-adapter.ts";
import { clipLarge } from "./clip-large.ts";
import { clipZeroShot } from "./clip-zero-shot.ts";
import { cog } from "./cog.ts";
import { moondream } from "./moondream.ts";
import { moondream2 } from "./moondream2.ts";
import { ofaVe } from "./ofa-ve.ts";
import { yesNo } from "./yes-no.ts";

/** A model more is a file beside this one, and a line here. Where two serve a name, the first does. */
export const entailment: readonly StageAdapter<"entailment">[] = [
  yesNo,
  moondream,
  moondream2,
  clipZeroShot,
  clipLarge,
  ofaVe,
  cog,
];
