import type { Invariant } from "../support/request/invariants.ts";
import type { MutationOf } from "./mutation.ts";

/** One mutation or more for each invariant of a request, by a name. */
export const REQUESTS = {
  "the run has no timer of its own": {
    invariant: "ends by its deadline, and at once when the caller leaves",
    file: "src/pipeline/run.ts",
    find: "AbortSignal.any([options.signal, timer(Math.max(0, deadlineMs)), ended.signal])",
    replace: "AbortSignal.any([options.signal, ended.signal])",
  },
  "a model that does not heed its signal is waited for": {
    invariant: "ends by its deadline, and at once when the caller leaves",
    file: "src/pipeline/model-calls.ts",
    find: "await untilAborted(running, signal).catch(errorIn(signal))",
    replace: "await running.catch(errorIn(signal))",
  },
  "the caller's leaving does not reach the run": {
    invariant: "ends by its deadline, and at once when the caller leaves",
    file: "src/pipeline/run.ts",
    find: "AbortSignal.any([options.signal, timer(Math.max(0, deadlineMs)), ended.signal])",
    replace: "AbortSignal.any([timer(Math.max(0, deadlineMs)), ended.signal])",
  },
  "the end of a run cancels nothing": {
    invariant: "leaves no call running",
    file: "src/pipeline/run.ts",
    find: "      ended.abort();\n",
    replace: "",
  },
  "a call begins although its time is over": {
    invariant: "leaves no call running",
    file: "src/net/connections.ts",
    find: "      if (signal?.aborted) return reject(signal.reason);\n",
    replace: "",
  },
  "the next model is asked about everything": {
    invariant: "asks nobody about what was answered",
    file: "src/pipeline/stage-runner.ts",
    find: "open = [...failedBefore, ...failed];",
    replace: "open = failed.length > 0 ? parts : [];",
  },
  "cached expressions are asked for again": {
    invariant: "asks nobody about what was answered",
    file: "src/pipeline/text/expand.ts",
    find: "const { own, others } = await openFlights(without(unexpanded), subject, true, run);",
    replace: "const { own, others } = await openFlights(entities, subject, true, run);",
  },
  "a listener is told what is not rounded": {
    invariant: "answers with the fold of its events",
    file: "src/pipeline/run.ts",
    find: "options.listen?.(rounded);",
    replace: "options.listen?.(event);",
  },
  "an unjudged entity has no reason": {
    invariant: "keeps the contract",
    file: "src/pipeline/fold.ts",
    find: "evidence: null, reason } };",
    replace: 'evidence: null, reason: "unknown" as never } };',
  },
  "a mask that is missing has no reason": {
    invariant: "says why something is missing",
    file: "src/pipeline/fold.ts",
    find: "mask_method: null, mask_reason, mask_url: null",
    replace: "mask_method: null, mask_reason: null, mask_url: null",
  },
  "a stage that failed is not told": {
    invariant: "says why something is missing",
    file: "src/pipeline/stage-runner.ts",
    find: "      this.#report(stage, failure);\n",
    replace: "",
  },
  "six connections are open": {
    invariant: "opens at most five connections at a time",
    file: "src/net/connections.ts",
    find: "export const CONNECTIONS = 5;",
    replace: "export const CONNECTIONS = 6;",
  },
  "calls of models take no connection": {
    invariant: "opens at most five connections at a time",
    file: "src/pipeline/model-calls.ts",
    find: "limit(begin, signal, turn.place)",
    replace: "begin()",
  },
  "boxes go into two calls at a time": {
    invariant: "has one segmentation call in flight where the model takes many boxes",
    file: "src/pipeline/picture/segment.ts",
    find: "callsAtATime: batch === 1 ? Infinity : 1",
    replace: "callsAtATime: Infinity",
  },
  "boxes do not wait for the warming": {
    invariant: "has one segmentation call in flight where the model takes many boxes",
    file: "src/pipeline/picture/segment.ts",
    find: "    await warming;\n",
    replace: "",
  },
  "a run goes on telling after its answer": {
    invariant: "finds nothing after its end",
    file: "src/pipeline/run.ts",
    find: '    if (isFinished && event.event !== "stage") return;\n',
    replace: "",
  },
  "a call that is given up is not told": {
    invariant: "names every model that was called",
    file: "src/pipeline/run.ts",
    find: "    stages.giveUp();\n",
    replace: "",
  },
  "money that is reserved may be reserved again": {
    invariant: "costs no more than was allowed",
    file: "src/pipeline/budget.ts",
    find: "if (most <= left - this.#reserved) break;",
    replace: "if (most <= left) break;",
  },
  "a record has the cost of the latest call only": {
    invariant: "says what its calls cost",
    file: "src/pipeline/model-calls.ts",
    find: "const cost = addCosts([previous === undefined ? 0 : previous.cost, latest]);",
    replace: "const cost = latest;",
  },
  "an open breaker lets calls through": {
    invariant: "lets no call through an open breaker",
    file: "src/resilience/breakers.ts",
    find: "if (breaker.openMs !== null && now < this.#retryAt(breaker, breaker.openMs)) return null;",
    replace: "",
  },
  "the first boxes use up the room for masks": {
    invariant: "is whole where nothing went wrong",
    file: "src/pipeline/picture/segment.ts",
    find: "left -= prompted.length;",
    replace: "left -= LIMITS.boxes;",
  },
} as const satisfies Record<string, MutationOf<Invariant>>;
