import { LIMITS } from "../../schemas/limits.ts";
import { describeError } from "../observe/log.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Runtime } from "../runtime.ts";
import type { AnswerStore, SentAnswer } from "../storage/answer-store.ts";
import type { KeptAnswer, SettleCall } from "./calls.ts";

/** What keeping an answer needs of its deployment. */
export interface KeepDependencies extends Pick<Runtime, "timer" | "log"> {
  readonly answers: AnswerStore;
}

/** What is stored with an answer, so that a settlement that is lost can be made from it alone. */
export type KeptFacts = Pick<SettleCall, "amount" | "units" | "cost" | "kept">;

/**
 * Stores an answer with what it cost, or where it is not to be kept, only what it cost. Null when there is no answer,
 * or when it failed.
 */
export async function keepAnswer(
  answer: SentAnswer | null,
  { requestId, ...facts }: Omit<KeptFacts, "kept"> & { readonly requestId: string },
  account: string,
  { answers, timer, log }: KeepDependencies,
): Promise<KeptAnswer | null> {
  const kept = answer && { status: answer.status, contentType: answer.contentType };
  const body = answer?.body ?? new Uint8Array();
  const all: KeptFacts = { ...facts, kept };
  try {
    await untilAborted(answers.put(account, requestId, body, { facts: JSON.stringify(all) }), timer(LIMITS.storeMs));
    return kept;
  } catch (error) {
    log({ event: "answer_not_kept", ...describeError(error) });
    return null;
  }
}

/** Deletes an answer that was kept. One that cannot be deleted now goes with its day. */
export async function dropAnswer(
  account: string,
  requestId: string,
  { answers, timer, log }: KeepDependencies,
): Promise<void> {
  try {
    await untilAborted(answers.delete(account, [requestId]), timer(LIMITS.storeMs));
  } catch (error) {
    log({ event: "answer_not_dropped", ...describeError(error) });
  }
}
