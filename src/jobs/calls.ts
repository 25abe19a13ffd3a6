import type { KeyMode } from "../../schemas/accounts.ts";
import type { JobAnswer, JobEnd, JobState } from "../../schemas/jobs.ts";
import type { Charge, PaidOperation } from "../../schemas/prices.ts";
import type { Problem } from "../../schemas/problem.ts";
import type { WebhookEvent } from "../../schemas/webhooks.ts";
import type { Credential } from "../accounts/calls.ts";
import type { AdmittedFacts } from "../accounts/paid-request.ts";
import type { RunEvent } from "../pipeline/events.ts";

/**
 * What is said to and by a job's Durable Object. Times are Unix milliseconds. A refusal is a value: errors lose their
 * class on the way.
 */

/** The picture of a job. */
export type JobImage =
  /** The job fetches it, under guard, and stores it. */
  | { readonly kind: "address"; readonly url: string }
  /** It was read, and stored in R2 before the job began (`src/storage/job-pictures.ts`). */
  | { readonly kind: "stored" };

/** Who pays for a job. */
export type JobPayer =
  /** `ACCESS=open`. */
  | { readonly kind: "nobody" }
  /** The request was admitted before the job began. */
  | { readonly kind: "admitted"; readonly facts: AdmittedFacts }
  /** The job asks its account by itself, and waits while the account has no room. */
  | {
      readonly kind: "asks";
      readonly credential: Credential;
      /** As in `AdmitCall`. */
      readonly most: number;
      readonly bodyBytes: number;
      readonly entities: number;
    };

/** Where the end of a job is told, beside the account's own endpoints. */
export interface JobWebhook {
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly secret: string;
}

/** A job that is to begin. It is stored as JSON. */
export interface JobOrder {
  /** `req_…`: the request's id, which is the job's, and names its reservation. */
  readonly id: string;
  readonly account: string;
  readonly operation: PaidOperation;
  readonly mode: KeyMode;
  /** The request's fields as their schema parsed them, without `image` and `webhook`. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly image: JobImage | null;
  readonly payer: JobPayer;
  /** The base of the links in the answer. */
  readonly origin: string;
  readonly acceptedAt: number;
  readonly deadline: number;
  /** How long its result is kept, in seconds. A job that asks its account learns it there. */
  readonly keepSeconds: number;
  /** The caller's own name for it; null without one. */
  readonly reference: string | null;
  readonly batch: { readonly id: string; readonly line: number } | null;
  /** The chat of a bot that waits for it; null without one. */
  readonly chat: string | null;
  readonly webhook: JobWebhook | null;
}

/** A finding of a job, by its number in the stream of its events: 1, 2, … */
export interface JobEvent {
  readonly number: number;
  readonly event: RunEvent;
}

/** Findings of a job. */
export interface JobEvents {
  readonly events: readonly JobEvent[];
  /** Whether no finding comes after these. */
  readonly ended: boolean;
  /** The number of the last finding so far, also where it is not kept any more. The end has the one behind it. */
  readonly last: number;
}

/** How far a job has come: `schemas/jobs.ts`. */
export type JobProgress = JobAnswer["progress"];

/** All that a job says of itself. */
export interface JobFacts {
  readonly order: Omit<JobOrder, "fields" | "payer">;
  readonly state: JobState;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Until when its result is kept; null while it has not ended, and once nothing is kept. */
  readonly expiresAt: number | null;
  /** Whether its findings, answer and picture are kept. */
  readonly isKept: boolean;
  readonly partial: boolean | null;
  readonly problem: Problem | null;
  readonly charge: Charge | null;
  readonly progress: JobProgress;
}

/** The answer of a job that has one. */
export interface JobResult {
  /** As JSON, without `charge`. */
  readonly answer: string;
  readonly charge: Charge | null;
}

/** The methods of a job's Durable Object. One that was never begun, or is forgotten, answers null. */
export interface JobCalls {
  /** Begins the job. False where it began before: nothing changes then. */
  begin(order: JobOrder): Promise<boolean>;
  /**
   * The job's state and progress. Waits until the job has ended, but no longer than `waitMs`.
   *
   * @param isShown whether a caller gets to see the progress. If the job is canceled later, what was shown is charged
   */
  facts(waitMs: number, isShown?: boolean): Promise<JobFacts | null>;
  /**
   * The findings after a number. Waits until there is one or the job has ended, but no longer than `waitMs`. If the job
   * is canceled later, what was read is charged.
   */
  events(after: number, waitMs: number): Promise<JobEvents | null>;
  /** The answer; null where the job has none, or none any more. */
  result(): Promise<JobResult | null>;
  /** Waits until the account has heard how the job ended, but no longer than `waitMs`; not while the job runs. */
  settled(waitMs: number): Promise<void>;
  /** Notes that the whole result was sent. A job with `store: false` forgets it soon. */
  fetched(): Promise<void>;
  /**
   * Ends the job, if it has not ended, cancels what runs upstream, and deletes what it kept. The findings are deleted
   * when it answers; the picture and what else lies outside of the job is deleted behind it. One that was never begun
   * does not begin for an hour: the call that begins it may be on its way.
   *
   * @param ended what becomes of a job that has ended: it is deleted with its answer, or kept as it is
   */
  cancel(ended?: "delete" | "keep"): Promise<JobFacts | null>;
  /** Has a delivery made again now. False where there is none of this id. */
  redeliver(delivery: string): Promise<boolean>;
}

/** A batch's Durable Object, as a job knows it. */
export interface BatchListener {
  /**
   * The job of a line has ended. Repeating it changes nothing.
   *
   * @param amount what it was charged, in nano-dollars. The batch asks the job for it where it is not told
   */
  ended(line: number, state: JobEnd, amount?: number): Promise<void>;
}

/** A chat's Durable Object, as a job knows it. */
export interface ChatListener {
  /** A job of the chat has ended. Repeating it changes nothing. */
  ended(job: string): Promise<void>;
}
