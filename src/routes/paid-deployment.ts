import type { Access } from "../accounts/access.ts";
import type { JobCalls } from "../jobs/calls.ts";
import type { X402 } from "../payments/x402/x402.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import type { Picture } from "../pipeline/picture/read-picture.ts";
import type { AccountFiles } from "../storage/account-files.ts";
import type { AnswerStore } from "../storage/answer-store.ts";
import type { Objects } from "../storage/durable-objects.ts";
import type { JobPictures } from "../storage/job-pictures.ts";
import type { Leftovers } from "../storage/leftovers.ts";

/** What the paid routes need beside the pipeline's deployment: who may ask, and where answers are kept. */
export interface PaidDeployment extends Deployment {
  readonly access: Access;
  readonly answers: AnswerStore;
  readonly leftovers: Leftovers;
  readonly accountFiles: AccountFiles;
  readonly jobs: Objects<JobCalls>;
  /** Origins to which webhooks may go besides the public internet. */
  readonly allowedOrigins: ReadonlySet<string>;
  readonly jobPictures: JobPictures<Picture>;
  /** Payments without an account; null where there are none. */
  readonly x402: X402 | null;
  /** How an account is topped up, in a sentence. */
  readonly howToPay: string;
}
