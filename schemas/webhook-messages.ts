import * as z from "zod/mini";
import { JOB_ENDS } from "./jobs.ts";
import { UsdAmount } from "./money.ts";
import { Charge, PaidOperation } from "./prices.ts";
import { Problem } from "./problem.ts";
import { JobEvent } from "./webhooks.ts";

/** Bodies of webhooks: at most `LIMITS.webhookBytes`, so they have links in place of what is large. */

/** An entity that a job has found. */
export const MessageEntity = z.object({
  /** The entity's id in the answer. */
  id: z.string(),
  text: z.string(),
  type: z.string(),
  /** Whether the picture shows it; null where that is not known. */
  visible: z.nullable(z.boolean()),
  /** Number of its boxes. */
  regions: z.int(),
  /** Number of its masks. */
  masks: z.int(),
});
export type MessageEntity = z.infer<typeof MessageEntity>;

const Time = z.string();

/** A job has ended. */
export const JobMessage = z.object({
  type: JobEvent,
  /** When it ended, ISO 8601 in UTC, as all times. */
  timestamp: Time,
  data: z.object({
    /** The job's id. */
    id: z.string(),
    operation: PaidOperation,
    state: z.enum(JOB_ENDS),
    /** The caller's own name for it; null without one. */
    reference: z.nullable(z.string()),
    /** The batch that it belongs to; else null. */
    batch_id: z.nullable(z.string()),
    created_at: Time,
    ended_at: Time,
    /** Whether a stage did not answer in full; null where it has no answer. */
    partial: z.nullable(z.boolean()),
    /** Why it failed or expired; else null. */
    problem: z.nullable(Problem),
    /** What the answer cost, or what was read of a canceled job; null without either and where nobody pays. */
    charge: z.nullable(Charge),
    /** The first entities of the answer, as many as there is room for. */
    entities: z.array(MessageEntity),
    /** How many more entities the answer has. */
    entities_more: z.int(),
    links: z.object({ job: z.string(), result: z.string(), events: z.string() }),
  }),
});
export type JobMessage = z.infer<typeof JobMessage>;

/** All jobs of a batch have ended. */
export const BatchMessage = z.object({
  type: z.literal("batch.ended"),
  /** When the last of its jobs ended. */
  timestamp: Time,
  data: z.object({
    /** The batch's id. */
    id: z.string(),
    /** How it ended. */
    state: z.string(),
    created_at: Time,
    ended_at: Time,
    /** How many of its lines ended in each state. */
    counts: z.record(z.string(), z.int()),
    /** What all answers cost, in US dollars; null where nobody pays. */
    amount_usd: z.nullable(UsdAmount),
    links: z.object({ batch: z.string(), results: z.string() }),
  }),
});
export type BatchMessage = z.infer<typeof BatchMessage>;

/** A test of an endpoint. */
export const PingMessage = z.object({
  type: z.literal("ping"),
  timestamp: Time,
  data: z.object({
    /** The endpoint's id. */
    id: z.string(),
  }),
});
export type PingMessage = z.infer<typeof PingMessage>;
