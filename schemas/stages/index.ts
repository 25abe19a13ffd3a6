import * as z from "zod/mini";
import { CaptionInput, CaptionOutput } from "./caption.ts";
import { EmbeddingInput, EmbeddingOutput } from "./embedding.ts";
import { EntailmentInput, EntailmentOutput } from "./entailment.ts";
import { ExpansionInput, ExpansionOutput } from "./expansion.ts";
import { GroundingInput, GroundingOutput } from "./grounding.ts";
import { KnowledgeInput, KnowledgeOutput } from "./knowledge.ts";
import { MnerInput, MnerOutput } from "./mner.ts";
import { PictureInput, PictureOutput } from "./picture.ts";
import { SegmentationInput, SegmentationOutput } from "./segmentation.ts";

/** What the rest of the code needs to know about a stage. */
interface StageFacts {
  /** What the stage does, as a noun that stands in sentences: "visual grounding failed". */
  readonly noun: string;
  /** What the Worker sends to a model, and what it reads back. */
  readonly input: z.ZodMiniType;
  readonly output: z.ZodMiniType;
  /**
   * The list of the input that is split when a model takes few items at a time, and the list of the output that is
   * joined again. Null for a stage that is always one call.
   */
  readonly lists: { readonly split: string; readonly join: string } | null;
  /** Whether the input has the picture: always, only for models that use it, or never. */
  readonly picture: "required" | "optional" | "none";
  /** Whether `functions/` has a model of it, which test keys reach as well. */
  readonly embedded: boolean;
}

/** Every stage, in the order of the pipeline. */
export const STAGES = {
  picture: {
    noun: "picture preparation",
    input: PictureInput,
    output: PictureOutput,
    lists: null,
    picture: "required",
    embedded: true,
  },
  caption: {
    noun: "captioning",
    input: CaptionInput,
    output: CaptionOutput,
    lists: null,
    picture: "required",
    embedded: false,
  },
  embedding: {
    noun: "text embedding",
    input: EmbeddingInput,
    output: EmbeddingOutput,
    lists: null,
    picture: "none",
    embedded: false,
  },
  knowledge: {
    noun: "background knowledge",
    input: KnowledgeInput,
    output: KnowledgeOutput,
    lists: null,
    picture: "none",
    embedded: false,
  },
  mner: {
    noun: "mention recognition",
    input: MnerInput,
    output: MnerOutput,
    lists: null,
    picture: "optional",
    embedded: true,
  },
  expansion: {
    noun: "entity expansion",
    input: ExpansionInput,
    output: ExpansionOutput,
    lists: { split: "entities", join: "expressions" },
    picture: "none",
    embedded: true,
  },
  entailment: {
    noun: "visual entailment",
    input: EntailmentInput,
    output: EntailmentOutput,
    lists: { split: "entities", join: "judgements" },
    picture: "required",
    embedded: true,
  },
  grounding: {
    noun: "visual grounding",
    input: GroundingInput,
    output: GroundingOutput,
    lists: { split: "entities", join: "groundings" },
    picture: "required",
    embedded: true,
  },
  segmentation: {
    noun: "segmentation",
    input: SegmentationInput,
    output: SegmentationOutput,
    lists: { split: "boxes", join: "masks" },
    picture: "required",
    embedded: true,
  },
} as const satisfies Record<string, StageFacts>;

export type StageName = keyof typeof STAGES;

export const STAGE_NAMES = Object.keys(STAGES) as [StageName, ...StageName[]];

/** A stage's name, as problems and stage records give it. */
export const StageName = z.enum(STAGE_NAMES);
