import type { JobCalls } from "../jobs/calls.ts";
import type { DrawDependencies } from "../jobs/draw-result.ts";
import type { Objects } from "../storage/durable-objects.ts";
import type { Platform } from "./platform.ts";

/** Who pays for what chats ask, and how much. */
export interface BotAccount {
  /** The account that pays; null when nobody pays (`ACCESS=open`). */
  readonly name: string | null;
  /** What one chat may use in a day, in nano-dollars; null without a limit. */
  readonly dailyLimit: number | null;
}

/** What a chat needs of its deployment. */
export interface ChatDeployment extends DrawDependencies {
  readonly jobs: Objects<JobCalls>;
  readonly botAccount: BotAccount;
  /** Finds the platform of a chat by the chat's name. Null when that platform is not configured any more. */
  readonly platformOf: (chat: string) => Promise<Platform | null>;
}
