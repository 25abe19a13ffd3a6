import type { Access } from "../accounts/access.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import type { Chains } from "../stages/model.ts";
import type { AnswerStore } from "../storage/answer-store.ts";
import type { Leftovers } from "../storage/leftovers.ts";

/** What the paid routes need beside the pipeline's deployment: who may ask, and where answers are kept. */
export interface PaidDeployment extends Deployment {
  readonly access: Access;
  readonly answers: AnswerStore;
  readonly leftovers: Leftovers;
  /** The embedded models alone, for test keys; null where the deployment has none. */
  readonly testChains: Chains | null;
  /** How an account is topped up, in a sentence. */
  readonly howToPay: string;
}
