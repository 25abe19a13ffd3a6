import { StageError } from "../../../src/stages/model.ts";
import type { RecordedCall } from "../../support/hosted/script.ts";

/**
 * A response of `/chat/completions` (docs/reference/hosted-models.md, "Chat endpoints"); `choice` and `message` replace
 * the fields that they name.
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

/** A choice with the log-probabilities of its first token, from the likelihoods of its alternatives. */
export function firstToken(alternatives: Readonly<Record<string, number>>) {
  const top_logprobs = Object.entries(alternatives).map(([token, likelihood]) => ({
    token,
    logprob: Math.log(likelihood),
    bytes: null,
  }));
  return { logprobs: { content: [{ ...top_logprobs[0], top_logprobs }], refusal: null } };
}

/** A request that a chat host received. */
export interface AskedChat extends Record<string, unknown> {
  readonly messages: ReadonlyArray<{ readonly role: string; readonly content: unknown }>;
}

export function chatsOf(calls: readonly RecordedCall[]): AskedChat[] {
  return calls.map(({ body }) => body as AskedChat);
}

/** The error with which an attempt fails. Throws when the attempt succeeds. */
export async function failureOf(attempt: Promise<unknown>): Promise<StageError> {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StageError)) throw new Error("the attempt did not fail");
  return error;
}
