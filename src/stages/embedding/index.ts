import { cogAdapter } from "../adapters/cog.ts";
import type { StageAdapter } from "../model.ts";
import { featureExtraction } from "./feature-extraction.ts";
import { openai } from "./openai.ts";
import { workersAi } from "./workers-ai.ts";

/** One line for each model file of this folder, in the order in which they are listed. */
export const embedding: readonly StageAdapter<"embedding">[] = [
  openai, //
  featureExtraction,
  workersAi,
  cogAdapter("embedding", "1"),
];
