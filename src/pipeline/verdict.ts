import type { Verdict } from "../resilience/breakers.ts";
import { StageError, type StageErrorCode } from "../stages/model.ts";

/**
 * Codes that say something about the model, and not about the caller's input, the host's load or the request's own
 * limits.
 */
const FAULTS: ReadonlySet<StageErrorCode> = new Set([
  "network",
  "unauthorized",
  "not_found",
  "failed",
  "unreadable",
  "invalid_output",
  "http_error",
]);

/** A model that had less time than this, in milliseconds, may be late without a fault of its own. Set by hand. */
const FAIR_TIME_MS = 5_000;

/**
 * What the answer to a call says about its model.
 *
 * @param time that the model had, in milliseconds: a caller's short deadline must not count against it
 */
export function verdictOn(answer: unknown, time: number): Verdict {
  if (!(answer instanceof StageError)) return "success";
  if (answer.code === "timeout") return time >= FAIR_TIME_MS ? "failure" : "neutral";
  return FAULTS.has(answer.code) ? "failure" : "neutral";
}
