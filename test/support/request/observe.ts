import { ProblemError } from "../../../schemas/problem.ts";
import { RecognizeRequest } from "../../../schemas/recognize.ts";
import type { Deployment } from "../../../src/pipeline/deployment.ts";
import type { RunEvent } from "../../../src/pipeline/events.ts";
import type { Picture } from "../../../src/pipeline/picture/read-picture.ts";
import { recognize, recognizeAnswer } from "../../../src/pipeline/recognize.ts";
import { postOf } from "../../../src/request/read-post.ts";
import { SingleFlight } from "../../../src/storage/single-flight.ts";
import { deploymentOf, inRun } from "../run.ts";
import { VirtualTime } from "../virtual-time.ts";
import { WatchedBreakers } from "./breakers.ts";
import { modelsOf, type ObservedCall, SIZE, textOf } from "./models.ts";
import { NAMES, type Scenario, type StoreBehaviour } from "./scenario.ts";

const PICTURE: Picture = {
  type: "image/png",
  size: SIZE,
  orientation: 1,
  sha256: "ab",
  bytes: new Uint8Array(1),
  drawable: true,
  cutOff: null,
};

/** Milliseconds for which work behind an answer is watched. */
const BEHIND_MS = 120_000;

/** Everything about one request that an invariant may ask about. */
export interface Observation {
  readonly scenario: Scenario;
  /** Null where the request ended with a problem. */
  readonly answer: ReturnType<typeof recognizeAnswer> | null;
  readonly problem: ProblemError | null;
  /** Milliseconds that the request took. */
  readonly took: number;
  /** Events as a listener got them, how many calls had begun before, and whether the answer was already made. */
  readonly events: ReadonlyArray<{ readonly event: RunEvent; readonly after: number; readonly isLate: boolean }>;
  readonly calls: readonly ObservedCall[];
  /** Most connections that were open at a time while the request ran. */
  readonly connections: number;
  /** Most segmentation calls of the chain's first model that were in flight at a time. */
  readonly segmentations: number;
  /** The breakers that let a call through while they were open. */
  readonly intrusions: readonly string[];
  /** Whether everything that went on behind the answer came to an end. */
  readonly isSettled: boolean;
}

/** Runs one request in virtual time and watches it until everything behind its answer has ended. */
export async function observe(scenario: Scenario): Promise<Observation> {
  const time = new VirtualTime();
  const began = time.now;
  const end = began + Math.min(scenario.deadlineMs, scenario.leavesAfter ?? Number.POSITIVE_INFINITY);
  let isOver = false;
  const open = new Set<object>();
  let connections = 0;
  let segmentations = 0;
  const calls: ObservedCall[] = [];
  const take = (connection: object) => {
    // What the run has given up at its end may still hold its connection, and nobody can see for how long.
    if (time.now >= end) return;
    open.add(connection);
    connections = Math.max(connections, open.size);
  };
  const chains = modelsOf(scenario, time, {
    isOver: () => isOver,
    began: (call) => {
      calls.push(call);
      take(call);
      const inFlight = calls.filter((one) => one.stage === "segmentation" && one.isFirst && open.has(one));
      segmentations = Math.max(segmentations, inFlight.length);
    },
    freed: (call) => open.delete(call),
  });
  let stored = 0;
  /** A call to KV or R2. Nothing is done at a store without a connection, and one that is given up keeps it. */
  const atStore = async <T>(value: T): Promise<T> => {
    const { after, fails } = scenario.stores[stored++ % scenario.stores.length] as StoreBehaviour;
    const connection = {};
    // A store call that the run gives up gives its connection back, which the store cannot see.
    if (!isOver && after < 1_000) take(connection);
    await time.sleep(after);
    open.delete(connection);
    if (fails) throw new Error("the store is down");
    return value;
  };
  const breakers = new WatchedBreakers(time.clock);
  for (const { key, times } of failuresBefore(scenario)) {
    for (let failure = 0; failure < times; failure++) breakers.enter(key)?.end("failure");
  }
  const deployment = deploymentOf(chains, {
    breakers,
    ...time,
    clock: time.clock,
    sleep: time.sleep,
    timer: time.timer,
    chance: () => scenario.chance,
    storeMs: 60_000,
    publicUrl: scenario.reachable ? new URL("https://namesight.test/") : null,
    ...storesOf(scenario, time, atStore),
  });
  const leaving = new AbortController();
  if (scenario.leavesAfter !== null) {
    time.sleep(scenario.leavesAfter).then(() => leaving.abort(new DOMException("left", "AbortError")));
  }
  const events: Array<Observation["events"][number]> = [];
  const behind: Promise<unknown>[] = [];
  const post = postOf(requestOf(scenario), scenario.hasPicture ? PICTURE : null);
  const working = inRun(
    deployment,
    async (run) => {
      await recognize(post, run);
      const answer = recognizeAnswer(post, run);
      isOver = true;
      return answer;
    },
    {
      deadlineMs: scenario.deadlineMs,
      signal: leaving.signal,
      store: scenario.store,
      fallback: scenario.fallback,
      maximumCost: scenario.maxCost === null ? null : scenario.maxCost * 1_000,
      waitUntil: (work) => void behind.push(work),
      listen: (event) => void events.push({ event, after: calls.length, isLate: isOver }),
    },
  );
  const settled = working.then(
    (answer) => ({ answer, problem: null }),
    (problem: unknown) => {
      isOver = true;
      if (!(problem instanceof ProblemError)) throw problem;
      return { answer: null, problem };
    },
  );
  const outcome = await time.pass(settled);
  const took = time.now - began;
  const isSettled = await time.pass(Promise.race([allSettled(behind), time.sleep(BEHIND_MS).then(() => false)]));
  const { intrusions } = breakers;
  return { scenario, ...outcome, took, events, calls, connections, segmentations, intrusions, isSettled };
}

/** The breakers' keys of a scenario's models, and how often each model failed before the request. */
function failuresBefore({ chains, failures }: Scenario) {
  return Object.entries(chains).flatMap(([stage, scripts]) =>
    scripts.map((_, position) => ({ key: `${stage} ${stage}:${position}`, times: failures })),
  );
}

/** Resolves with true when all of them have settled, also those that were added meanwhile. */
async function allSettled(work: readonly Promise<unknown>[]): Promise<boolean> {
  for (let count = -1; count !== work.length; ) {
    count = work.length;
    await Promise.allSettled(work);
  }
  return true;
}

/** KV and R2 of a scenario; none of them is reached by a request that stores nothing. */
function storesOf({ cached }: Scenario, time: VirtualTime, atStore: <T>(value: T) => Promise<T>): Partial<Deployment> {
  const wrote = { model: "model", version: "1" };
  const expressionOf = (entity: string) =>
    cached[NAMES.indexOf(entity as (typeof NAMES)[number])]
      ? { text: `the kept cat ${entity}`, method: "llm", ...wrote }
      : null;
  const expansions = {
    flights: new SingleFlight(time.clock),
    get: (questions: ReadonlyArray<{ entity: string }>) => atStore(questions.map(({ entity }) => expressionOf(entity))),
    put: () => atStore(undefined),
  };
  const captions = {
    flights: new SingleFlight(time.clock),
    get: () => atStore(cached[0] ? { caption: "Kept cats.", ...wrote } : null),
    put: () => atStore(undefined),
  };
  return {
    expansions,
    captions,
    masks: { put: () => atStore("ab") },
    pictures: { put: () => atStore(undefined), delete: () => atStore(undefined) },
    links: { sign: async () => "expires=1&signature=s" },
  } as never;
}

function requestOf(scenario: Scenario): RecognizeRequest {
  const text = textOf(scenario);
  const { task, mode, visibleThreshold, ownMentions, store, names } = scenario;
  const entities = NAMES.slice(0, names).map((name) => {
    const start = text.indexOf(name);
    return { start, end: start + name.length, type: "PER" };
  });
  return RecognizeRequest.parse({
    text,
    task,
    mode,
    store,
    ...(visibleThreshold !== null && { thresholds: { visible: visibleThreshold } }),
    ...(ownMentions && { entities }),
  });
}
