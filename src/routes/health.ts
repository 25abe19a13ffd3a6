import type { Context } from "hono";
import type { HealthAnswer } from "../../schemas/health.ts";
import { STAGE_NAMES } from "../../schemas/stages/index.ts";
import type { Deployment } from "../pipeline/deployment.ts";

/**
 * `GET /health`: the configuration's faults, each stage's last outcomes and its calls that still wait, from memory; no
 * model is called. The status is `degraded` when the configuration has a fault or a stage is failing. Calls that a
 * caller's picture may have made fail were not recorded.
 */
export const healthRoute = ({
  models,
  outcomes,
  faults,
  clock,
}: Pick<Deployment, "models" | "outcomes" | "faults" | "clock">) =>
  function healthRoute(context: Context): Response {
    const now = clock();
    const stages = STAGE_NAMES.map((stage) => ({
      stage,
      models: [...models[stage]],
      waiting: outcomes.waiting(stage, now),
      last_outcomes: outcomes.of(stage),
    }));
    const failing = STAGE_NAMES.some((stage) => outcomes.isFailing(stage, now));
    const fault = faults.length > 0 ? `${faults.join("; ")}.` : null;
    const answer: HealthAnswer = { status: fault !== null || failing ? "degraded" : "ok", fault, stages };
    return context.json(answer, 200, { "Cache-Control": "no-store" });
  };
