import * as z from "zod/mini";
import { LIMITS } from "./limits.ts";

/**
 * Cog's HTTP protocol (github.com/replicate/cog/blob/main/docs/http.md, version 0.22), as `functions/server.ts` serves
 * it and `src/providers/cog.ts` calls it. A failed prediction is HTTP 200 with the status `failed`.
 */
export const WEBHOOK_EVENTS = ["start", "output", "logs", "completed"] as const;

/** Longest address of a webhook, in UTF-16 code units. Set by hand. */
const LONGEST_WEBHOOK = 2_000;

export const PredictionRequest = z.object({
  id: z.optional(z.string().check(z.minLength(1), z.maxLength(LIMITS.idLength))),
  input: z._default(z.record(z.string(), z.unknown()), {}),
  webhook: z.optional(z.url({ protocol: /^https?$/ }).check(z.maxLength(LONGEST_WEBHOOK))),
  webhook_events_filter: z.optional(z.array(z.enum(WEBHOOK_EVENTS)).check(z.maxLength(WEBHOOK_EVENTS.length))),
});
export type PredictionRequest = z.infer<typeof PredictionRequest>;

export const PredictionStatus = z.enum(["starting", "processing", "succeeded", "failed", "canceled"]);
export type PredictionStatus = z.infer<typeof PredictionStatus>;

export const Prediction = z.object({
  id: z.optional(z.string()),
  status: PredictionStatus,
  output: z.optional(z.unknown()),
  error: z.optional(z.nullable(z.string())),
  logs: z.optional(z.string()),
  metrics: z.optional(z.object({ predict_time: z.optional(z.number()) })),
});
export type Prediction = z.infer<typeof Prediction>;

/** The body of an answer with status 422. `loc` is the path of the field; its first part is `body`. */
export const ValidationErrors = z.object({
  detail: z.array(z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string(), type: z.string() })),
});
export type ValidationErrors = z.infer<typeof ValidationErrors>;

/** The body of `GET /health-check`, which is always 200. */
export const HealthCheck = z.object({
  status: z.enum(["STARTING", "READY", "BUSY", "SETUP_FAILED"]),
  version: z.optional(z.string()),
  setup: z.optional(z.object({ status: z.string(), logs: z.optional(z.string()) })),
});
export type HealthCheck = z.infer<typeof HealthCheck>;
