import * as z from "zod/mini";
import { StageName } from "./stages/index.ts";

/** `GET /health`: each stage's model and how its last calls ended. It calls no model. */
export const HealthAnswer = z.object({
  status: z.enum(["ok", "degraded"]),
  /**
   * What is wrong with the configuration, in sentences; until it is mended nothing else is answered. Null when nothing
   * is.
   */
  fault: z.nullable(z.string()),
  stages: z.array(
    z.object({
      stage: StageName,
      /** The chain as configured, tried left to right. */
      models: z.array(z.string()),
      /** Newest first; empty when nothing was asked since this isolate started. */
      last_outcomes: z.array(
        z.object({ model: z.string(), ok: z.boolean(), code: z.nullable(z.string()), ms: z.number(), at: z.string() }),
      ),
    }),
  ),
});
export type HealthAnswer = z.infer<typeof HealthAnswer>;
