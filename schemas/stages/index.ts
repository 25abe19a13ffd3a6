import { CaptionInput, CaptionOutput } from "./caption.ts";
import { EntailmentInput, EntailmentOutput } from "./entailment.ts";
import { ExpansionInput, ExpansionOutput } from "./expansion.ts";
import { GroundingInput, GroundingOutput } from "./grounding.ts";
import { MnerInput, MnerOutput } from "./mner.ts";
import { PictureInput, PictureOutput } from "./picture.ts";
import { SegmentationInput, SegmentationOutput } from "./segmentation.ts";

/** The stages and their contracts: what the Worker sends to a model and what it reads back. */
export const STAGES = {
  picture: { input: PictureInput, output: PictureOutput },
  caption: { input: CaptionInput, output: CaptionOutput },
  mner: { input: MnerInput, output: MnerOutput },
  expansion: { input: ExpansionInput, output: ExpansionOutput },
  entailment: { input: EntailmentInput, output: EntailmentOutput },
  grounding: { input: GroundingInput, output: GroundingOutput },
  segmentation: { input: SegmentationInput, output: SegmentationOutput },
} as const;

export type StageName = keyof typeof STAGES;
export const STAGE_NAMES = Object.keys(STAGES) as StageName[];
