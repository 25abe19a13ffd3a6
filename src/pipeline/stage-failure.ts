import { ProblemError } from "../../schemas/problem.ts";
import type { StageName } from "../../schemas/stages/index.ts";
import type { StageError, StageErrorCode } from "../stages/model.ts";
import { overloaded } from "./overloaded.ts";
import { isPictureCode, type PictureCode } from "./picture/blame.ts";

/** Why a stage gave only part of its answer, or none. */
export interface StageFailure {
  readonly code: "stage_failed" | PictureCode;
  readonly detail: string;
  /** Set when every model was busy: milliseconds after which the first of them has room, null when none said. */
  readonly busy?: { readonly retryAfterMs: number | null };
}

/** Codes of models that have no room at the moment. */
const BUSY: ReadonlySet<StageErrorCode> = new Set(["busy", "rate_limited"]);

/** Whether a model said that it will take the call later. */
function isBusy({ code, retryAfterMs }: StageError): boolean {
  return BUSY.has(code) || (code === "not_ready" && retryAfterMs !== null);
}

/** Why a stage failed. `failures` has each model's error under its sentence. */
export function failureOf(failures: ReadonlyMap<string, StageError>): StageFailure {
  const errors = [...failures.values()];
  const detail = `${[...failures.keys()].join("; ") || "no model is configured"}.`;
  const code = errors[0]?.code;
  if (code && isPictureCode(code) && errors.every((error) => isPictureCode(error.code))) return { code, detail };
  if (errors.length === 0 || !errors.every(isBusy)) return { code: "stage_failed", detail };
  const waits = errors.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  return { code: "stage_failed", detail, busy: { retryAfterMs: waits.length > 0 ? Math.min(...waits) : null } };
}

/**
 * The problem that ends a request which needs the stage's answer.
 *
 * @param isLate whether the run's time is over
 */
export function problemOf(stage: StageName, { code, detail, busy }: StageFailure, isLate: boolean): ProblemError {
  if (busy) return overloaded(detail.replace(/\.$/, ""), busy.retryAfterMs, { stage });
  return new ProblemError(isLate ? "deadline_exceeded" : code, detail, fieldsOf(stage, code));
}

/** The fields of a problem about a failed stage. */
export function fieldsOf(stage: StageName, code: StageFailure["code"]): ConstructorParameters<typeof ProblemError>[2] {
  return code === "stage_failed"
    ? { stage }
    : { stage, errors: [{ pointer: "/image", detail: "could not be decoded" }] };
}
