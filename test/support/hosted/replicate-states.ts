import type { Prediction } from "./exchange.ts";

const ENDS: ReadonlySet<string> = new Set(["succeeded", "failed", "canceled", "aborted"]);

/** Whether a status is final. */
export function isEnd(status: string): boolean {
  return ENDS.has(status);
}

/** A prediction in a status, without an output. */
export function inStatus(prediction: Prediction, status: string): Prediction {
  return { ...prediction, status, output: null, completed_at: isEnd(status) ? prediction.completed_at : null };
}
