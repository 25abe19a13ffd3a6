import type { Access } from "../accounts/access.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import type { Picture } from "../pipeline/picture/read-picture.ts";
import type { AnswerStore } from "../storage/answer-store.ts";
import type { Objects } from "../storage/durable-objects.ts";
import type { JobPictures } from "../storage/job-pictures.ts";
import type { Leftovers } from "../storage/leftovers.ts";
import type { SendDependencies } from "../webhooks/outbox/send.ts";
import type { BatchListener, ChatListener } from "./calls.ts";

/** What a job needs of its deployment. */
export interface JobDeployment extends Deployment, Pick<SendDependencies, "fetchPublic" | "allowedOrigins"> {
  readonly access: Access;
  readonly answers: AnswerStore;
  readonly leftovers: Leftovers;
  /** How an account is topped up, in a sentence. */
  readonly howToPay: string;
  readonly jobPictures: JobPictures<Picture>;
  readonly batches: Objects<BatchListener>;
  readonly chats: Objects<ChatListener>;
}
