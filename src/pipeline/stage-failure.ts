import { toUsd } from "../../schemas/money.ts";
import { ProblemError } from "../../schemas/problem.ts";
import type { StageName } from "../../schemas/stages/index.ts";
import type { StageError, StageErrorCode } from "../stages/model.ts";
import { OverBudget } from "./budget.ts";
import { overloaded } from "./overloaded.ts";
import { isPictureCode, type PictureCode } from "./picture/blame.ts";

/** Why a stage gave only part of its answer, or none. */
export interface StageFailure {
  readonly code: "stage_failed" | "over_budget" | PictureCode;
  readonly detail: string;
  /** Set when every model was busy: milliseconds after which the first of them has room, null when none said. */
  readonly busy?: { readonly retryAfterMs: number | null };
  /** Set when no model was asked for what it may cost: what that is, and what the request allows, in US dollars. */
  readonly budget?: { readonly costs: readonly string[]; readonly limit: string };
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
  const [first, ...others] = errors;
  if (first instanceof OverBudget && others.every((error) => error instanceof OverBudget)) {
    const costs = errors.flatMap((error) =>
      error instanceof OverBudget && error.most !== null ? toUsd(error.most) : [],
    );
    return { code: "over_budget", detail, budget: { costs, limit: toUsd(first.limit) } };
  }
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
export function problemOf(stage: StageName, failure: StageFailure, isLate: boolean): ProblemError {
  const { code, detail, busy } = failure;
  if (busy) return overloaded(detail.replace(/\.$/, ""), busy.retryAfterMs, { stage });
  return new ProblemError(
    isLate && code !== "over_budget" ? "deadline_exceeded" : code,
    detail,
    fieldsOf(stage, failure),
  );
}

/** The fields of a problem about a failed stage. */
export function fieldsOf(
  stage: StageName,
  { code, budget }: StageFailure,
): NonNullable<ConstructorParameters<typeof ProblemError>[2]> {
  if (isPictureCode(code)) return { stage, errors: [{ pointer: "/image", detail: "could not be decoded" }] };
  if (!budget) return { stage };
  const { costs, limit } = budget;
  const needed = costs.length > 0 ? { limit: [...costs] } : {};
  return { stage, errors: [{ pointer: "/max_cost_usd", detail: "does not allow a call", ...needed, value: limit }] };
}
