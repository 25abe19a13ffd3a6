import { cogAdapter } from "../adapters/cog.ts";
import type { StageAdapter } from "../model.ts";
import { clipLarge } from "./clip-large.ts";
import { clipZeroShot } from "./clip-zero-shot.ts";
import { moondream } from "./moondream.ts";
import { moondreamCloud } from "./moondream-cloud.ts";
import { moondreamFal } from "./moondream-fal.ts";
import { moondream2 } from "./moondream2.ts";
import { ofaVe } from "./ofa-ve.ts";
import { yesNo } from "./yes-no.ts";

/** One line for each model file of this folder, in the order in which they are listed. */
export const entailment: readonly StageAdapter<"entailment">[] = [
  yesNo,
  moondream,
  moondreamCloud,
  moondreamFal,
  moondream2,
  clipZeroShot,
  clipLarge,
  ofaVe,
  cogAdapter("entailment", "1"),
];
