import * as z from "zod/mini";
import { LIMITS } from "./limits.ts";

/** What an account may do, by its plan. */
export const PlanName = z.enum(["starter", "standard", "large"]);
export type PlanName = z.infer<typeof PlanName>;

export interface Plan {
  /** Maximum paid requests of the account in a minute, from its first second on. */
  readonly minuteRequests: number;
  /** Maximum paid requests of the account in a day (UTC). */
  readonly dayRequests: number;
  /** Maximum paid requests of the account that run at the same time. */
  readonly concurrentRequests: number;
  /** Maximum bytes of a request's body, its picture included. */
  readonly bodyBytes: number;
  /** Maximum entities of a request: `max_entities`, or those that it sends; of `/v1/segment`, its boxes. */
  readonly entities: number;
}

/** Every plan. The operator chooses an account's plan; docs/pricing.md is generated from this table. */
export const PLANS: Readonly<Record<PlanName, Plan>> = {
  starter: {
    minuteRequests: 60,
    dayRequests: 2_000,
    concurrentRequests: 5,
    bodyBytes: 4 * 1024 * 1024,
    entities: 25,
  },
  standard: {
    minuteRequests: 600,
    dayRequests: 50_000,
    concurrentRequests: 25,
    bodyBytes: LIMITS.bodyBytes,
    entities: LIMITS.entities,
  },
  // A Durable Object keeps 10 GB (developers.cloudflare.com/durable-objects/platform/limits, November 2026): 35 days of
  // so many requests, at about 1.5 KB each, take half of it.
  large: {
    minuteRequests: 6_000,
    dayRequests: 100_000,
    concurrentRequests: 200,
    bodyBytes: LIMITS.bodyBytes,
    entities: LIMITS.entities,
  },
};

/** The plan of an account whose creation names none. */
export const DEFAULT_PLAN: PlanName = "standard";
