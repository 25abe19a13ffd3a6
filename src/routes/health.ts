import type { Context } from "hono";
import type { HealthAnswer } from "../../schemas/health.ts";
import { STAGE_NAMES, type StageName } from "../../schemas/stages/index.ts";
import type { Outcomes } from "../observe/outcomes.ts";

export interface HealthServices {
  /** Each stage's models as configured. */
  readonly models: Readonly<Record<StageName, readonly string[]>>;
  readonly outcomes: Outcomes;
  /** What is wrong with the configuration; null for nothing. */
  readonly fault: string | null;
}

/** `GET /health`: told from memory. Degraded when the configuration is at fault or a stage's last call failed. */
export const healthRoute = ({ models, outcomes, fault }: HealthServices) =>
  function healthRoute(context: Context): Response {
    const stages = STAGE_NAMES.map((stage) => ({
      stage,
      models: [...models[stage]],
      last_outcomes: outcomes.of(stage),
    }));
    const failing = stages.some(({ last_outcomes: [last] }) => last?.ok === false);
    const answer: HealthAnswer = { status: fault !== null || failing ? "degraded" : "ok", fault, stages };
    return context.json(answer, 200, { "Cache-Control": "no-store" });
  };
