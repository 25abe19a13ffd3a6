import type { Access } from "../accounts/access.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import type { AnswerStore } from "../storage/answer-store.ts";
import type { Leftovers } from "../storage/leftovers.ts";

/** What the paid routes need beside the pipeline's deployment: who may ask, and where answers are kept. */
export interface PaidDeployment extends Deployment {
  readonly access: Access;
  readonly answers: AnswerStore;
  readonly leftovers: Leftovers;
  /** How an account is topped up, in a sentence. */
  readonly howToPay: string;
}
