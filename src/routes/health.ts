import type { Context } from "hono";
import type { HealthAnswer } from "../../schemas/health.ts";
import { STAGE_NAMES } from "../../schemas/stages/index.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { breakerKey } from "../pipeline/model-calls.ts";

/**
 * `GET /health`: the configuration's faults, each stage's last outcomes, its breakers and its calls that still wait,
 * from memory; no model is called. The status is `degraded` when the configuration has a fault, a stage is failing or a
 * model is skipped. Calls that a caller's picture may have made fail were not recorded.
 */
export const healthRoute = ({
  models,
  outcomes,
  breakers,
  faults,
  clock,
}: Pick<Deployment, "models" | "outcomes" | "breakers" | "faults" | "clock">) =>
  function healthRoute(context: Context): Response {
    const now = clock();
    const stages = STAGE_NAMES.map((stage) => ({
      stage,
      models: [...models[stage]],
      waiting: outcomes.waiting(stage, now),
      breakers: models[stage].map((model) => {
        const { state, failures, retryAt } = breakers.state(breakerKey(stage, model));
        return { model, state, failures, retry_at: retryAt === null ? null : new Date(retryAt).toISOString() };
      }),
      last_outcomes: outcomes.of(stage),
    }));
    const failing = STAGE_NAMES.some((stage) => outcomes.isFailing(stage, now));
    const skipping = stages.some((stage) => stage.breakers.some(({ state }) => state !== "closed"));
    const fault = faults.length > 0 ? `${faults.join("; ")}.` : null;
    const answer: HealthAnswer = { status: fault !== null || failing || skipping ? "degraded" : "ok", fault, stages };
    return context.json(answer, 200, { "Cache-Control": "no-store" });
  };
