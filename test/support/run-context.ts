import type { RunContext } from "../../functions/stage-function.ts";

/** What a stage gets that runs alone: its pauses only check the signal. */
export function runContext(signal = new AbortController().signal): RunContext {
  return { signal, pause: async () => signal.throwIfAborted(), away: (work) => work(), isAlone: () => true };
}
