import * as z from "zod/mini";
import { LIMITS } from "./limits.ts";
import { Charge, PaidOperation } from "./prices.ts";
import { TypeName } from "./primitives.ts";
import { Problem } from "./problem.ts";
import { StageRecord } from "./recognize.ts";

/** Where a job is. The last four are ends: a job gets exactly one of them, and keeps it. */
export const JobState = z.enum(["queued", "running", "succeeded", "failed", "canceled", "expired"]);
export type JobState = z.infer<typeof JobState>;

/** The ends of a job. */
export const JOB_ENDS = ["succeeded", "failed", "canceled", "expired"] as const;
export type JobEnd = (typeof JOB_ENDS)[number];

/** Whether a state is an end. */
export function isEnd(state: JobState): state is JobEnd {
  return (JOB_ENDS as readonly string[]).includes(state);
}

/** The id of a job: that of the request that began it, and for a post of a batch also the number of its line. */
export const JobId = z
  .string()
  .check(z.regex(/^req_[0-9A-HJKMNP-TV-Z]{26}(-\d{1,4})?$/, "must be the id of a job, req_…"));

/** How far a job has come with one entity. */
export const EntityProgress = z.object({
  /** The entity's id in the answer. */
  id: z.string(),
  /** Its name. */
  text: z.string(),
  type: TypeName,
  /** The last kind of finding about it, as the stream of events names it. */
  latest: z.enum(["mention", "expression", "visibility", "region", "mask"]),
  /** Whether the picture shows it, as far as that is known. */
  visible: z.nullable(z.boolean()),
  /** Boxes found so far. */
  regions: z.int(),
  /** Masks made so far. */
  masks: z.int(),
});

const Time = z.string();

/** A job: work on one request that goes on behind its response. */
export const JobAnswer = z.object({
  /** The job's id, which is the request's. */
  id: z.string(),
  operation: PaidOperation,
  state: JobState,
  /** The caller's own name for it: of a line of a batch, or of a message that was received; else null. */
  reference: z.nullable(z.string()),
  /** The batch that it belongs to; else null. */
  batch_id: z.nullable(z.string()),
  /** When it was accepted, ISO 8601 in UTC, as all times. */
  created_at: Time,
  /** When its work began; null before. */
  started_at: z.nullable(Time),
  /** When it got its end; null before. */
  ended_at: z.nullable(Time),
  /** When it ends at the latest. */
  deadline_at: Time,
  /** Until when its result is kept; null while it has not ended, and when it keeps none. */
  expires_at: z.nullable(Time),
  /** Whether a stage did not answer in full; null while it has not ended with an answer. */
  partial: z.nullable(z.boolean()),
  /** How far it has come. */
  progress: z.object({
    /** Every model that was called so far, with what it cost. */
    stages: z.array(StageRecord),
    /** Every entity found so far. Empty for operations that find none. */
    entities: z.array(EntityProgress),
  }),
  /** Why it failed or expired; else null. */
  problem: z.nullable(Problem),
  /** What the answer cost, or what was read of a canceled job; null without either and where nobody pays. */
  charge: z.nullable(Charge),
  /** Where the job and its parts are. */
  links: z.object({
    /** The job. */
    self: z.string(),
    /** Its findings as they come. */
    events: z.string(),
    /** Its answer. */
    result: z.string(),
  }),
  /** The webhook of the request; null without one. */
  webhook: z.nullable(
    z.object({
      /** The address that is told the end. */
      url: z.string(),
      /** What signs the message: in the response that begins the job, where the request brought none; else null. */
      secret: z.nullable(z.string()),
    }),
  ),
});
export type JobAnswer = z.infer<typeof JobAnswer>;

/** The parameters of `GET /v1/jobs/{id}`. */
export const JobParameters = z.strictObject({
  /** For how many seconds to wait for the job's end before answering. */
  wait: z._default(
    z.pipe(
      z.string().check(z.regex(/^\d+$/, `must be a whole number of seconds from 0 to ${LIMITS.waitSeconds}`)),
      z.pipe(
        z.transform((text: string) => Number(text)),
        z.number().check(z.lte(LIMITS.waitSeconds)),
      ),
    ),
    "0" as never,
  ),
});
