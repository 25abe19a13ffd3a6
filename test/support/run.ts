import { STAGE_NAMES } from "../../schemas/stages/index.ts";
import { Outcomes } from "../../src/observe/outcomes.ts";
import { noTrace } from "../../src/observe/tracing.ts";
import { Budget } from "../../src/pipeline/budget.ts";
import type { Deployment } from "../../src/pipeline/deployment.ts";
import { type Run, type RunOptions, startRun } from "../../src/pipeline/run.ts";
import { Breakers } from "../../src/resilience/breakers.ts";
import { MemoryBudget } from "../../src/resilience/memory-budget.ts";
import type { Chains } from "../../src/stages/model.ts";
import { platformTimer } from "./virtual-time.ts";

/** Chains without any model, to put some into. */
export const NO_MODELS = Object.fromEntries(STAGE_NAMES.map((stage) => [stage, []])) as unknown as Chains;

/** A store that no test of this kind may reach: runs with `store: false` keep nothing. */
const unreachable = new Proxy(
  {},
  { get: (_, name) => () => Promise.reject(new Error(`${String(name)} of a store was called`)) },
) as never;

/** What models' calls share, before any call: their outcomes and breakers, and a run's budget without a limit. */
export const freshState = (clock: () => number = () => 0) => ({
  outcomes: new Outcomes(),
  breakers: new Breakers(clock),
  budget: new Budget(null),
});

/** A deployment of these models, in which nobody waits and no store answers. */
export function deploymentOf(chains: Partial<Chains>, more: Partial<Deployment> = {}): Deployment {
  return {
    chains: { ...NO_MODELS, ...chains },
    testChains: null,
    models: Object.fromEntries(STAGE_NAMES.map((stage) => [stage, []])) as unknown as Deployment["models"],
    faults: [],
    mnerCascade: null,
    outcomes: new Outcomes(),
    breakers: new Breakers(more.clock ?? (() => 0)),
    expansions: unreachable,
    captions: unreachable,
    examplePool: unreachable,
    masks: unreachable,
    overlays: unreachable,
    pictures: unreachable,
    links: unreachable,
    publicUrl: null,
    fetchPicture: unreachable,
    memory: new MemoryBudget(() => 0),
    deadlineMs: 30_000,
    storeMs: 3_000,
    clock: () => 0,
    sleep: async () => undefined,
    timer: platformTimer,
    chance: () => 0,
    randomBytes: (length) => new Uint8Array(length),
    log: () => undefined,
    trace: noTrace,
    ...more,
  };
}

/** Do work in a run that nobody waits for and that keeps nothing. */
export function inRun<T>(
  deployment: Deployment,
  work: (run: Run) => Promise<T>,
  more: Partial<RunOptions> = {},
): Promise<T> {
  const options: RunOptions = {
    id: "req_test",
    account: "public",
    signal: new AbortController().signal,
    origin: new URL("https://namesight.test"),
    waitUntil: () => undefined,
    deadlineMs: 30_000,
    store: false,
    ...more,
  };
  return startRun(options, deployment, work);
}
