import fc from "fast-check";

/** The stages that have models in a scenario; `picture` is only needed by pictures that are not upright. */
export const MODEL_STAGES = [
  "caption",
  "knowledge",
  "mner",
  "expansion",
  "entailment",
  "grounding",
  "segmentation",
] as const;
export type ModelStage = (typeof MODEL_STAGES)[number];

/** The names of the post, in the order of its text. */
export const NAMES = ["Felix", "Oscar", "Bella", "Milo", "Luna", "Simba"] as const;

/**
 * What a model does with one call. `late` answers as well, but does not heed its signal. `in part` leaves out every
 * second item, and `of others` answers about items that it was not asked about.
 */
export interface Behaviour {
  readonly kind:
    | "answers"
    | "in part"
    | "of others"
    | "late"
    | "fails"
    | "breaks off"
    | "is busy"
    | "is unreachable"
    | "cannot decode"
    | "hangs"
    | "hangs and ignores its signal";
  /** Milliseconds until it does. */
  readonly after: number;
}

export interface ModelScript {
  readonly batch: number;
  readonly warms: boolean;
  /** Whether it can follow a link to the picture, which then has to be stored. */
  readonly takesLinks: boolean;
  /** What each call costs, in micro-dollars; null where no price is known. */
  readonly price: number | null;
  /** What it does with its first call, its second, and so on; after the last from the start again. */
  readonly behaviours: readonly Behaviour[];
}

/** One call to KV or R2. */
export interface StoreBehaviour {
  readonly after: number;
  readonly fails: boolean;
}

/** One request, and everything that the world does while it runs. */
export interface Scenario {
  /** How many of `NAMES` the post has. */
  readonly names: number;
  readonly chains: Readonly<Record<ModelStage, readonly ModelScript[]>>;
  readonly task: "mner" | "gmner" | "smner";
  readonly mode: "fast" | "cheap";
  readonly visibleThreshold: 0 | 0.5 | null;
  readonly hasPicture: boolean;
  /** Whether the caller sends the mentions. */
  readonly ownMentions: boolean;
  readonly store: boolean;
  readonly fallback: boolean;
  readonly deadlineMs: number;
  /** In micro-dollars; null for none. */
  readonly maxCost: number | null;
  /** How often each model failed before the request. */
  readonly failures: number;
  /** Milliseconds after which the caller leaves; null when it stays. */
  readonly leavesAfter: number | null;
  /** For each name: whether its expression is cached, whether mner gives one, what entailment says, how many boxes. */
  readonly cached: readonly boolean[];
  readonly phrased: readonly boolean[];
  readonly verdicts: readonly (boolean | null)[];
  readonly boxes: readonly number[];
  /** What KV and R2 do, in the order of the calls. */
  readonly stores: readonly StoreBehaviour[];
  /** Whether models can reach this Worker for the picture. */
  readonly reachable: boolean;
  readonly chance: number;
}

const QUICK = fc.integer({ min: 0, max: 400 });
const ANY_TIME = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 900 }) },
  fc.integer({ min: 0, max: 40_000 }),
);

const answering: fc.Arbitrary<Behaviour> = fc.record({ kind: fc.constant("answers" as const), after: QUICK });
const behaving: fc.Arbitrary<Behaviour> = fc.record({
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant("answers" as const) },
    {
      weight: 7,
      arbitrary: fc.constantFrom<Behaviour["kind"]>(
        "in part",
        "of others",
        "late",
        "fails",
        "breaks off",
        "is busy",
        "is unreachable",
        "cannot decode",
        "hangs",
        "hangs and ignores its signal",
      ),
    },
  ),
  after: ANY_TIME,
});

const scriptOf = (behaviour: fc.Arbitrary<Behaviour>): fc.Arbitrary<ModelScript> =>
  fc.record({
    batch: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
    warms: fc.boolean(),
    takesLinks: fc.boolean(),
    price: fc.option(fc.integer({ min: 0, max: 3_000 }), { freq: 12 }),
    behaviours: fc.array(behaviour, { minLength: 1, maxLength: 4 }),
  });

const chainsOf = (behaviour: fc.Arbitrary<Behaviour>, minLength: number) => {
  const chain = fc.array(scriptOf(behaviour), { minLength, maxLength: 2 });
  return fc.record({
    caption: fc.array(scriptOf(behaviour), { maxLength: 2 }),
    knowledge: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(scriptOf(behaviour), { maxLength: 2 })),
    mner: fc.array(scriptOf(behaviour), { minLength: 1, maxLength: 2 }),
    expansion: chain,
    entailment: chain,
    grounding: chain,
    segmentation: chain,
  });
};

const each = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: NAMES.length, maxLength: NAMES.length });

const request = {
  names: fc.integer({ min: 1, max: NAMES.length }),
  task: fc.oneof(
    { weight: 6, arbitrary: fc.constant("smner" as const) },
    fc.constantFrom("mner" as const, "gmner" as const),
  ),
  mode: fc.constantFrom("fast" as const, "cheap" as const),
  visibleThreshold: fc.constantFrom(null, 0 as const, 0.5 as const),
  hasPicture: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
  ownMentions: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
  store: fc.boolean(),
  fallback: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
  cached: each(fc.boolean()),
  phrased: each(fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true))),
  verdicts: each(fc.constantFrom(true, true, false, null)),
  boxes: each(fc.constantFrom(1, 1, 2, 0)),
  reachable: fc.boolean(),
  chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
};

/** Requests during which nothing goes wrong. */
export const calm: fc.Arbitrary<Scenario> = fc.record({
  ...request,
  chains: chainsOf(answering, 1),
  deadlineMs: fc.constant(30_000),
  maxCost: fc.constant(null),
  failures: fc.constant(0),
  leavesAfter: fc.constant(null),
  stores: fc.array(fc.record({ after: fc.integer({ min: 0, max: 60 }), fails: fc.constant(false) }), {
    minLength: 1,
    maxLength: 4,
  }),
});

/** Requests during which anything may go wrong. */
export const stormy: fc.Arbitrary<Scenario> = fc.record({
  ...request,
  chains: chainsOf(behaving, 0),
  deadlineMs: fc.oneof(fc.integer({ min: 500, max: 30_000 }), fc.integer({ min: 500, max: 3_000 })),
  maxCost: fc.option(fc.integer({ min: 0, max: 12_000 }), { freq: 1 }),
  failures: fc.constantFrom(0, 0, 0, 0, 3, 5),
  leavesAfter: fc.option(ANY_TIME, { freq: 6 }),
  stores: fc.array(
    fc.record({
      after: fc.oneof({ weight: 5, arbitrary: QUICK }, ANY_TIME),
      fails: fc.constantFrom(false, false, true),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});
