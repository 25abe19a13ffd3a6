import * as z from "zod/mini";
import { StageName } from "./stages/index.ts";

/** The state of the service, from memory: `GET /health` calls no model. */
export const HealthAnswer = z.object({
  /**
   * `degraded` when the configuration has a fault, the last call of a stage failed, a model is skipped, or a call
   * has waited for five seconds and none of its stage has succeeded meanwhile.
   */
  status: z.enum(["ok", "degraded"]),
  /**
   * What is wrong with the configuration, in sentences; null when nothing is. Until it is mended, every other operation
   * answers with the problem `misconfigured`.
   */
  fault: z.nullable(z.string()),
  /** One entry for each stage, in the order of the pipeline. */
  stages: z.array(
    z.object({
      /** The stage's name. */
      stage: StageName,
      /** The chain as configured; models are tried from left to right. */
      models: z.array(z.string()),
      /** The calls that still wait for their answer. */
      waiting: z.object({
        /** How many. */
        calls: z.int(),
        /** How long the first of them has waited, in milliseconds; null when there is none. */
        longest_ms: z.nullable(z.number()),
      }),
      /** Whether each model is asked, in the order of `models`. A model that fails again and again is skipped. */
      breakers: z.array(
        z.object({
          /** The model's entry in the chain. */
          model: z.string(),
          /**
           * `closed` while the model is asked; `open` after five failures one after another: the model is skipped;
           * `half_open` when one call may try it again.
           */
          state: z.enum(["closed", "open", "half_open"]),
          /** Failures since the last success. */
          failures: z.int(),
          /** When the model is tried again, as an ISO 8601 time; null while it is asked. */
          retry_at: z.nullable(z.string()),
        }),
      ),
      /** The last ten calls, newest first, without those that a picture may have made fail; empty at the start. */
      last_outcomes: z.array(
        z.object({
          /** The model's entry in the chain. */
          model: z.string(),
          /** Whether the call succeeded. */
          ok: z.boolean(),
          /** Why it failed; null when it succeeded. */
          code: z.nullable(z.string()),
          /** How long it took, in milliseconds. */
          ms: z.number(),
          /** When it started, as an ISO 8601 time. */
          at: z.string(),
        }),
      ),
    }),
  ),
});
export type HealthAnswer = z.infer<typeof HealthAnswer>;
