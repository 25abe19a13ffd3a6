import type { StageName } from "../../schemas/stages/index.ts";

/** How the last model of a stage's chain fails. */
interface Fault {
  /** In words, as the page has it. */
  readonly title: string;
  /** What the model's problem says of it: the part of the sentence that follows the model's entry. */
  readonly detail: string | null;
  /** How often the model is called, while there is time. */
  readonly calls: number;
  /** `busy` when the model says that it will take the call later, `late` when it does not answer in time. */
  readonly kind: "down" | "busy" | "late";
}

/** Every fault of the matrix. Calls are repeated with full jitter, and after `Retry-After` where there is one. */
export const FAULTS = {
  refused: {
    title: "refuses connections",
    detail: "cannot be reached, or broke off its answer",
    calls: 6,
    kind: "down",
  },
  reset: {
    title: "resets the connection",
    detail: "cannot be reached, or broke off its answer",
    calls: 6,
    kind: "down",
  },
  cut: {
    title: "resets the connection in the middle of its answer",
    detail: "cannot be reached, or broke off its answer",
    calls: 2,
    kind: "down",
  },
  hangs: { title: "never answers", detail: "did not answer in time", calls: 1, kind: "late" },
  trickle: { title: "sends its answer byte by byte", detail: "did not answer in time", calls: 1, kind: "late" },
  limited: {
    title: "429 with `Retry-After`",
    detail: "rejected the request: rate limit reached (429)",
    calls: 10,
    kind: "busy",
  },
  busy: { title: "503 with `Retry-After`", detail: "is not ready (503)", calls: 10, kind: "busy" },
  broken: { title: "500", detail: "answered HTTP 500", calls: 3, kind: "down" },
  unauthorized: { title: "401", detail: "rejected the request: invalid token (401)", calls: 1, kind: "down" },
  half: { title: "half a JSON", detail: "answered with invalid or incomplete JSON", calls: 2, kind: "down" },
  other: {
    title: "JSON of another shape",
    detail: "answered with something that is not a prediction",
    calls: 2,
    kind: "down",
  },
  large: { title: "an answer of more than 16 MiB", detail: "answered with more than 16 MiB", calls: 1, kind: "down" },
} as const satisfies Record<string, Fault>;
export type FaultName = keyof typeof FAULTS;

/** What an answer lacks when one stage has failed, and everything else works. */
interface Loss {
  /** In words, as the page has it. */
  readonly words: string;
  /** Fields of every entity, for `toMatchObject`; null where there is no answer. */
  readonly entity: Readonly<Record<string, unknown>> | null;
  /** Codes of the answer's problems besides `stage_failed`. */
  readonly problems: readonly string[];
  /** Captions and expressions that are kept in KV for the next request: one caption and three expressions are made. */
  readonly kept: number | null;
}

const WHOLE = {
  expression: { method: "llm" },
  visible: true,
  regions: [{ mask_reason: null }],
};

/** Every stage of the matrix, in the order of the pipeline. */
export const LOSSES = {
  picture: {
    words: "Models see the pixels as stored; their boxes and masks are turned. Nothing is `null`.",
    entity: WHOLE,
    problems: ["picture_not_turned"],
    kept: 3,
  },
  caption: {
    words: "Expressions are written without a caption. Nothing is `null`.",
    entity: WHOLE,
    problems: [],
    kept: 3,
  },
  knowledge: {
    words: "Mentions are found from the text alone. Nothing is `null`.",
    entity: WHOLE,
    problems: [],
    kept: 4,
  },
  mner: { words: "There is no answer: the request ends with the problem.", entity: null, problems: [], kept: null },
  expansion: {
    words: "`expression` is `null`; entities are judged and found by their names.",
    entity: { ...WHOLE, expression: null },
    problems: [],
    kept: 1,
  },
  entailment: {
    words: "`visible` is `null`, its reason `stage_failed`; boxes and masks are kept.",
    entity: { ...WHOLE, visible: null, visibility: { score: null, method: null, reason: "stage_failed" } },
    problems: [],
    kept: 4,
  },
  grounding: {
    words: "`regions` is empty; `visible` is what entailment said.",
    entity: { ...WHOLE, regions: [] },
    problems: [],
    kept: 4,
  },
  segmentation: {
    words: "`mask` is `null`, its `mask_reason` `stage_failed`; boxes are kept.",
    entity: { ...WHOLE, regions: [{ mask: null, mask_url: null, mask_reason: "stage_failed" }] },
    problems: [],
    kept: 4,
  },
} as const satisfies Partial<Record<StageName, Loss>>;
export type LossName = keyof typeof LOSSES;

/** A model that answers, but leaves out all entities except the first: what the second one then has. */
export const LEFT_OUT = {
  mner: { words: "it is not in the answer", entity: null },
  expansion: { words: "its `expression` is `null`", entity: { ...WHOLE, expression: null } },
  entailment: {
    words: "its `visible` is `null`, the reason `undecided`",
    entity: { ...WHOLE, visible: null, visibility: { reason: "undecided" } },
  },
  grounding: { words: "its `regions` are empty", entity: { ...WHOLE, regions: [] } },
  segmentation: {
    words: "its `mask` is `null`, the `mask_reason` `no_mask`",
    entity: { ...WHOLE, regions: [{ mask: null, mask_reason: "no_mask" }] },
  },
} as const satisfies Partial<Record<LossName, Pick<Loss, "words"> & { readonly entity: Loss["entity"] }>>;

/** What a caller gets when a stage meets a fault. */
export interface Outcome {
  readonly status: number;
  /** Of the answer; null where the request ends with a problem. */
  readonly partial: boolean | null;
  /** The codes of the answer's problems, or that of the one that ended the request. */
  readonly codes: readonly string[];
}

const ENDS = {
  down: { status: 502, code: "stage_failed" },
  busy: { status: 503, code: "overloaded" },
  late: { status: 504, code: "deadline_exceeded" },
} as const;

/** The documented outcome of a fault in a stage: the page shows it, and a test compares it with what happens. */
export function outcomeOf(stage: LossName, fault: FaultName): Outcome {
  const { entity, problems } = LOSSES[stage];
  const { status, code } = ENDS[FAULTS[fault].kind];
  return entity === null
    ? { status, partial: null, codes: [code] }
    : { status: 200, partial: true, codes: ["stage_failed", ...problems] };
}
