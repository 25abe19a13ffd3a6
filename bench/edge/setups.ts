import type { ModelSettings } from "../models/queues.ts";

/** The models of a deployment, by stage. */
export const STAGES = ["mner", "expansion", "entailment", "grounding", "segmentation"] as const;
export type Stage = (typeof STAGES)[number];

/** One way to configure the chains. */
export interface Setup {
  readonly name: string;
  /** The Worker's variables that name the models. */
  readonly chains: Readonly<Record<string, string>>;
  /** Each stage's model by its name at the server of models; null where the stage is not asked. */
  readonly models: Readonly<Record<Stage, string | null>>;
  /** Entities or boxes of one call. */
  readonly batch: Readonly<Record<Stage, number>>;
  /** Whether segmentation is called once to prepare the picture. */
  readonly warms: boolean;
  /** Whether each model works on one call at a time. */
  readonly one: boolean;
}

const LLM = { MNER: "openai:bench/mner@text", EXPANSION: "openai:bench/expansion" };
const PHRASES = { MNER: "openai:bench/mner@text-phrases", EXPANSION: "openai:bench/expansion" };
const IN_BATCHES = {
  ENTAILMENT: "cog:bench/entailment",
  GROUNDING: "cog:bench/grounding",
  SEGMENTATION: "cog:bench/segmentation",
};
const ONE_BY_ONE = {
  ENTAILMENT: "cog:bench/ofa-ve",
  GROUNDING: "cog:bench/ofa-vg",
  SEGMENTATION: "moondream:bench/segment",
};
const NAMED = {
  mner: "mner",
  expansion: "expansion",
  entailment: "entailment",
  grounding: "grounding",
  segmentation: "segmentation",
};
const MANY = { mner: Infinity, expansion: 25, entailment: Infinity, grounding: Infinity, segmentation: 25 };
const batching: Setup = {
  name: "batching",
  chains: { ...LLM, ...IN_BATCHES },
  models: NAMED,
  batch: MANY,
  warms: true,
  one: false,
};
const single: Setup = {
  name: "one entity a call",
  chains: { ...LLM, ...ONE_BY_ONE },
  models: { ...NAMED, entailment: "ofa-ve", grounding: "ofa-vg", segmentation: "segment" },
  batch: { ...MANY, entailment: 1, grounding: 1, segmentation: 1 },
  warms: false,
  one: false,
};
const withPhrases = (setup: Setup, name: string): Setup => ({
  ...setup,
  name,
  chains: { ...setup.chains, ...PHRASES },
  models: { ...setup.models, expansion: null },
});
const queued: Setup = { ...single, name: "one call at a time", one: true };

export const SETUPS = {
  batching,
  single,
  phrases: withPhrases(batching, "batching, @phrases"),
  queued,
  queuedPhrases: withPhrases(queued, "one call at a time, @phrases"),
} as const;

/** How long the model of each stage takes, in milliseconds. */
export interface Profile {
  readonly name: string;
  readonly ms: Readonly<Record<Stage, number>>;
  /** Milliseconds between the starts of two posts; 0 when one waits for the end of the other. */
  readonly apart: number;
}

const all = (ms: number): Profile["ms"] => ({
  mner: ms,
  expansion: ms,
  entailment: ms,
  grounding: ms,
  segmentation: ms,
});

export const PROFILES = {
  equal: { name: "equal", ms: all(200), apart: 0 },
  // Warm hosts. Grounding DINO's page at Replicate gives 1.7 s; the other figures lie in the range of 0.3 to 5 s that
  // published examples of warm models give (docs/models.md), and are set by hand.
  hosted: {
    name: "hosted",
    ms: { mner: 900, expansion: 900, entailment: 400, grounding: 1_700, segmentation: 1_500 },
    apart: 130,
  },
  slow: { name: "one slow stage", ms: { ...all(100), grounding: 500 }, apart: 0 },
  second: { name: "one second", ms: all(1_000), apart: 0 },
  quick: { name: "quick", ms: all(50), apart: 0 },
  stalled: { name: "stalled", ms: all(3_600_000), apart: 0 },
  none: { name: "no delay", ms: all(0), apart: 0 },
} as const satisfies Record<string, Profile>;

/** What the server of models is told for a setup and a profile. */
export function settingsOf({ models, one }: Setup, { ms }: Profile): ModelSettings {
  return Object.fromEntries(
    STAGES.flatMap((stage) => {
      const model = models[stage];
      return model === null ? [] : [[model, { ms: ms[stage], one }]];
    }),
  );
}
