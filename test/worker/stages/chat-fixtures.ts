import { StageError } from "../../../src/stages/model.ts";
import type { RecordedCall } from "../../support/hosted/script.ts";

/**
 * An answer of `/chat/completions` as its hosts document it (hosted-apis section 5.1); `choice` and `message` replace
 * what they name.
 */
export function completion(content: unknown, choice: object = {}, message: object = {}) {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_795_000_000,
    model: "chat-model-2026-10-01",
    choices: [
      {
        index: 0,
        finish_reason: "stop",
        message: { role: "assistant", content, refusal: null, ...message },
        logprobs: null,
        ...choice,
      },
    ],
    usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
  };
}

/** A choice that tells the log-probabilities of its first token, as likelihoods of alternatives. */
export function firstToken(alternatives: Readonly<Record<string, number>>) {
  const top_logprobs = Object.entries(alternatives).map(([token, likelihood]) => ({
    token,
    logprob: Math.log(likelihood),
    bytes: null,
  }));
  return { logprobs: { content: [{ ...top_logprobs[0], top_logprobs }], refusal: null } };
}

/** What a chat host was asked. */
export interface AskedChat extends Record<string, unknown> {
  readonly messages: ReadonlyArray<{ readonly role: string; readonly content: unknown }>;
}

export function chatsOf(calls: readonly RecordedCall[]): AskedChat[] {
  return calls.map(({ body }) => body as AskedChat);
}

/** The error that an attempt ends with. Throws where it ends well. */
export async function failureOf(attempt: Promise<unknown>): Promise<StageError> {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StageError)) throw new Error("the attempt did not fail");
  return error;
}
