import * as z from "zod/mini";
import { JOB_ENDS } from "./jobs.ts";
import { DEFAULTS, LIMITS } from "./limits.ts";
import { UsdAmount } from "./money.ts";
import { Problem } from "./problem.ts";
import { RecognizeAnswer } from "./recognize.ts";

/** Where a line of a batch is. A line that cannot be read or used is `invalid` from the start. */
export const LineState = z.enum(["waiting", "running", ...JOB_ENDS, "invalid"]);
export type LineState = z.infer<typeof LineState>;

/** The ends of a line. A line gets exactly one of them, and keeps it. */
export type LineEnd = Exclude<LineState, "waiting" | "running">;

/** Whether a line has ended. */
export function isLineEnd(state: LineState): state is LineEnd {
  return state !== "waiting" && state !== "running";
}

/** The id of a batch: `req_` and 26 characters, as the ids of requests. */
export const BatchId = z.string().check(z.regex(/^req_[0-9A-HJKMNP-TV-Z]{26}$/, "must be the id of a batch, req_…"));

/** A parameter that is a whole number. */
const whole = (least: number, most: number) => z.coerce.number().check(z.int(), z.gte(least), z.lte(most));

/** The parameters of `POST /v1/batches`. */
export const BatchParameters = z.strictObject({
  /**
   * How many of its posts run at a time. Posts beyond what the account's plan allows at a time wait for it, whatever
   * this says.
   */
  max_concurrent: z._default(whole(1, LIMITS.batchConcurrent), DEFAULTS.batchConcurrent),
  /** The longest duration of a post in milliseconds, where its line has no `deadline_ms`. Without it, 600,000. */
  deadline_ms: z.optional(whole(LIMITS.leastDeadlineMs, LIMITS.jobDeadlineMs)),
  /** An https address of the public internet that is told the end of the batch, by a signed message. */
  webhook_url: z.optional(z.string().check(z.minLength(1), z.maxLength(LIMITS.webhookUrlLength))),
});
export type BatchParameters = z.infer<typeof BatchParameters>;

/** The parameters of `GET /v1/batches/{id}`. */
export const BatchWait = z.strictObject({
  /** For how many seconds to wait for the batch's end before answering. */
  wait: z._default(whole(0, LIMITS.waitSeconds), 0),
});

/** The parameters of `GET /v1/batches/{id}/results`. */
export const ResultsParameters = z.strictObject({
  /** Only results with a greater `number`: that of the last result that was read. */
  after: z._default(whole(0, LIMITS.batchPosts), 0),
  /**
   * For how many seconds to wait for the next post to end, each time that there is no other result to send. 0 sends
   * what is there.
   */
  wait: z._default(whole(0, LIMITS.waitSeconds), 0),
});

const Time = z.string();
const Count = z.int();

/** A batch: many posts of one request, each a job of its own. */
export const BatchAnswer = z.object({
  /** Its id, `req_…`. The job of its line n has the id `{id}-n`. */
  id: z.string(),
  /** `running` until the last post has ended, then `ended`; `canceled` from the moment of its `DELETE`. */
  state: z.enum(["running", "ended", "canceled"]),
  /** How many posts it has. */
  posts: Count,
  /** How many posts are in each state. */
  counts: z.object({
    /** Have not started. */
    waiting: Count,
    /** Have started. */
    running: Count,
    /** Have an answer. */
    succeeded: Count,
    /** Have a problem in place of an answer. */
    failed: Count,
    /** Were canceled by `DELETE`. */
    canceled: Count,
    /** Did not end by their deadline. */
    expired: Count,
    /** Could not be read or used. They cost nothing. */
    invalid: Count,
  }),
  /** Most posts that run at a time. */
  max_concurrent: Count,
  /** What its answers cost so far, in US dollars. */
  cost_usd: UsdAmount,
  /** When it was accepted, ISO 8601 in UTC, as all times. */
  created_at: Time,
  /** When its last post ended; null before. */
  ended_at: z.nullable(Time),
  /** Until when its results can be read; null while it runs. */
  expires_at: z.nullable(Time),
  /** Where the batch and its results are. */
  links: z.object({
    /** The batch. */
    self: z.string(),
    /** Its results. */
    results: z.string(),
  }),
  /** Where its end is told; null for nowhere but the endpoints of the account. */
  webhook: z.nullable(
    z.object({
      /** The address. */
      url: z.string(),
      /** What signs the message: in the answer to the POST alone; else null. */
      secret: z.nullable(z.string()),
    }),
  ),
});
export type BatchAnswer = z.infer<typeof BatchAnswer>;

/** One line of a batch's results: a post that has ended. Results stand in the order in which posts ended. */
export const BatchResult = z.object({
  /** Numbers the results of the batch: 1, 2, … */
  number: Count,
  /** The number of its line in the batch, from 1. Empty lines do not count. */
  line: Count,
  /** The `id` that its line has; null without one. */
  id: z.nullable(z.string()),
  /** The job that answered it; null for a line that is `invalid`, and for one that was canceled before it started. */
  job_id: z.nullable(z.string()),
  /** How it ended. */
  state: z.enum([...JOB_ENDS, "invalid"]),
  /** The answer, as of `POST /v1/recognize`; null without one. */
  answer: z.nullable(RecognizeAnswer),
  /** Why there is no answer; null where there is one. */
  problem: z.nullable(Problem),
  /** What the post was charged, in US dollars: 0 without an answer, unless it was canceled and something of it read. */
  cost_usd: UsdAmount,
});
export type BatchResult = z.infer<typeof BatchResult>;
