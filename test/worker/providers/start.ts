import { inject } from "vitest";
import { ProviderName } from "../../../schemas/providers.ts";
import { createLimiter } from "../../../src/net/connections.ts";
import { createProviderFetch, type ProviderFetch } from "../../../src/net/provider-fetch.ts";
import { noTrace } from "../../../src/observe/tracing.ts";
import type { RunEvent } from "../../../src/pipeline/events.ts";
import { foldEvents } from "../../../src/pipeline/fold.ts";
import { StageRunner } from "../../../src/pipeline/stage-runner.ts";
import type { StageModel, StageOutput } from "../../../src/stages/model.ts";
import { type HostScript, HostSession } from "../../support/hosted/script.ts";
import { freshState, NO_MODELS } from "../../support/run.ts";
import { platformTimer } from "../../support/virtual-time.ts";

export const NOW = Date.UTC(2026, 10, 24, 12);

/** The outside world of a provider: real sockets, and a clock that only waiting moves. */
export interface CalmWorld {
  readonly session: HostSession;
  readonly fetch: ProviderFetch;
  readonly clock: () => number;
  readonly chance: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds of every wait, in order. */
  readonly waits: number[];
}

/** A session of the hosted server, and a world in which nobody really waits. */
export async function startWorld(script: HostScript = {}): Promise<CalmWorld> {
  const session = await HostSession.open(inject("hosted"), script);
  const waits: number[] = [];
  let now = NOW;
  return {
    session,
    waits,
    fetch: createProviderFetch(new Set([session.base.origin])),
    clock: () => now,
    chance: () => 0,
    async sleep(milliseconds, signal) {
      if (signal.aborted) throw signal.reason;
      waits.push(milliseconds);
      now += milliseconds;
    },
  };
}

/** A wait that only an abort ends. */
export const sleepForEver = (_: number, signal: AbortSignal): Promise<void> =>
  new Promise((__, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

/** The same, and when the first wait has begun. */
export function sleeper(): { readonly asleep: Promise<void>; readonly sleep: CalmWorld["sleep"] } {
  let begun = () => {};
  const asleep = new Promise<void>((resolve) => {
    begun = resolve;
  });
  return {
    asleep,
    sleep(milliseconds, signal) {
      begun();
      return sleepForEver(milliseconds, signal);
    },
  };
}

/** Never aborted. */
export const unbound = (): AbortSignal => new AbortController().signal;

/** The pipeline's own way of asking captioners, with its retries and waits, and what its events add up to. */
export function runnerOf(
  captioners: readonly StageModel<"caption">[],
  { clock, sleep, chance }: CalmWorld,
  deadline = NOW + 30_000,
) {
  const events: RunEvent[] = [];
  const runner = new StageRunner({
    id: "req_test",
    chains: { ...NO_MODELS, caption: captioners },
    ...freshState(),
    limit: createLimiter(),
    clock,
    deadline,
    sleep,
    timer: platformTimer,
    trace: noTrace,
    chance,
    signal: unbound(),
    emit: (event) => events.push(event),
  });
  return {
    run: runner.run.bind(runner),
    get failures() {
      return foldEvents(events).problems;
    },
    get records() {
      return foldEvents(events).stages;
    },
  };
}

/** The least model around a provider: what it is given is the caption. */
export function captioner(entry: string, run: StageModel<"caption">["run"]): StageModel<"caption"> {
  return {
    entry,
    provider: ProviderName.parse(entry.split(/[:/]/)[0]),
    promptVersion: "1",
    batch: 1,
    takesLinks: true,
    run,
  };
}

export function caption(words: unknown): StageOutput<"caption"> {
  return { model: "m", version: "1", caption: String(words) } as StageOutput<"caption">;
}
