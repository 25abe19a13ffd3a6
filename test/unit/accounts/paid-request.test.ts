import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { ProblemError } from "../../../schemas/problem.ts";
import { admit, isReplay, type PaidDependencies, webhookHeaders } from "../../../src/accounts/paid-request.ts";
import { AnswerStore } from "../../../src/storage/answer-store.ts";
import { admitCall, NOON, settleCall, TestAccount } from "../../support/accounts/account.ts";

function dependenciesOf({ state, bucket }: TestAccount): PaidDependencies {
  return {
    account: () => state,
    answers: new AnswerStore(bucket.asBucket()),
    howToPay: "",
    timer: () => new AbortController().signal,
    sleep: async () => undefined,
    log: () => undefined,
    waitUntil: () => undefined,
  };
}

test("an admitted request has what another process needs to end it, and what its account has to say", async () => {
  const account = await TestAccount.open({ money: 100_000_000 });
  await account.state.setSettings({ resultSeconds: LIMITS.leastResultSeconds });
  const endpoint = { id: "wh", secret: "s", url: "https://a.test/", events: ["job.failed"], name: "" } as const;
  await account.state.createWebhook(endpoint);
  const note = { endpoint: "wh", delivery: "m", subject: null, event: "ping", attempt: 1, at: NOON, nextAt: null };
  await account.state.noteDelivery({ ...note, status: 410, error: "answered HTTP 410" });
  const admitted = await admit({ ...admitCall("r1"), account: "newsroom" }, dependenciesOf(account));
  if (isReplay(admitted)) throw new Error("nothing was answered before");
  expect(admitted).toMatchObject({
    facts: {
      account: "newsroom",
      requestId: "r1",
      operation: "recognize",
      mode: "live",
      keyId: "key_live",
      most: admitCall("r1").most,
      available: 100_000_000,
    },
    keepSeconds: LIMITS.leastResultSeconds,
    disabledWebhooks: ["wh"],
  });
  expect(webhookHeaders([...admitted.disabledWebhooks, "wh_2"])).toEqual({ "Webhook-Disabled": "wh, wh_2" });
  expect(webhookHeaders([])).toEqual({});
});

test("a request that was settled before does not run again, whatever asks for it", async () => {
  const account = await TestAccount.open();
  const again = () => admit({ ...admitCall("r1"), account: "newsroom" }, dependenciesOf(account));
  await again();
  await account.state.settle(settleCall("r1"));
  const problem = await again().catch((error) => error);
  expect(problem).toBeInstanceOf(ProblemError);
  expect(problem).toMatchObject({ code: "answer_not_kept", message: expect.stringContaining("r1 was answered") });
  await account.state.admit(admitCall("r2"));
  await account.state.release("r2");
  const released = await admit({ ...admitCall("r2"), account: "newsroom" }, dependenciesOf(account));
  expect(isReplay(released)).toBe(false);
});
