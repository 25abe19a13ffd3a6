import type { Context } from "hono";
import type { HealthAnswer } from "../../schemas/health.ts";
import { STAGE_NAMES } from "../../schemas/stages/index.ts";
import type { Deployment } from "../pipeline/deployment.ts";

/**
 * `GET /health`: the configuration's faults and each stage's last outcomes, from memory; no model is called. The status
 * is `degraded` when the configuration has a fault or a stage's last call failed. Calls that a caller's picture may
 * have made fail were not recorded.
 */
export const healthRoute = ({ models, outcomes, faults }: Pick<Deployment, "models" | "outcomes" | "faults">) =>
  function healthRoute(context: Context): Response {
    const stages = STAGE_NAMES.map((stage) => ({
      stage,
      models: [...models[stage]],
      last_outcomes: outcomes.of(stage),
    }));
    const failing = stages.some(({ last_outcomes: [last] }) => last?.ok === false);
    const fault = faults.length > 0 ? `${faults.join("; ")}.` : null;
    const answer: HealthAnswer = { status: fault !== null || failing ? "degraded" : "ok", fault, stages };
    return context.json(answer, 200, { "Cache-Control": "no-store" });
  };
