import type { KeyMode } from "../../schemas/accounts.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { toUsd } from "../../schemas/money.ts";
import { type Charge, operationPrice, priceOf, type Units } from "../../schemas/prices.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { describeError } from "../observe/log.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Runtime } from "../runtime.ts";
import type { AnswerStore, SentAnswer } from "../storage/answer-store.ts";
import { accountUnavailable } from "./ask-account.ts";
import type { AccountCalls, Admission, AdmitCall, Delivered, KeptAnswer, Quota, SettleCall } from "./calls.ts";
import { keyProblem } from "./key-problem.ts";

/** A request for a paid operation: which account is asked what. */
export interface PaidRequest extends AdmitCall {
  readonly account: string;
}

/** What a paid request needs of its deployment. */
export interface PaidDependencies extends Pick<Runtime, "timer" | "sleep" | "log"> {
  readonly account: (id: string) => AccountCalls;
  readonly answers: AnswerStore;
  /** How an account without money is topped up, in words. */
  readonly howToPay: string;
  /** Keeps the Worker running until the work is done, also after the answer was sent. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** An answer that is sent again. */
export interface Replay {
  readonly first: Delivered;
  readonly kept: KeptAnswer;
  readonly body: ReadableStream<Uint8Array>;
}

/** What a request delivered. */
export interface Delivery {
  readonly units: Units;
  /** What the models cost, in nano-dollars; null where that is not known. */
  readonly cost: number | null;
  /** Names of everything that the request stored, for its deletion. */
  readonly left: readonly string[];
}

/** A request that was admitted: its money is reserved until it is settled or released. */
export interface AdmittedRequest {
  readonly mode: KeyMode;
  readonly keyId: string | null;
  readonly quotas: readonly Quota[];
  /** What the answer to a delivery is charged. It goes into the answer before the answer is kept. */
  charge(units: Units): Charge;
  /**
   * Keeps the answer for repeats, where there is one to keep, and charges the request. An account that cannot be reached
   * is asked again behind the answer.
   *
   * @param answer as it is sent; null when it is not to be kept
   */
  settle(delivery: Delivery, answer: SentAnswer | null): Promise<void>;
  /** Ends a request that delivered nothing. It costs nothing. */
  release(): Promise<void>;
}

/** Waits between tries to settle or release behind the answer, in milliseconds. Set by hand: all within 30 s. */
const RETRY_AFTER_MS = [500, 2_000, 8_000];

/**
 * Has a paid request admitted, before any work. Either it may run, and has to be settled or released, or it was
 * answered before and that answer is sent again.
 *
 * @throws ProblemError when the request may not run; nothing is reserved then
 */
export async function admit(request: PaidRequest, dependencies: PaidDependencies): Promise<AdmittedRequest | Replay> {
  const { account: id, ...call } = request;
  const { account, answers, timer, waitUntil } = dependencies;
  const calls = account(id);
  const admission = await untilAborted(calls.admit(call), timer(LIMITS.accountMs)).catch((error) => {
    // It may have been admitted all the same.
    waitUntil(repeat(() => calls.release(call.requestId), dependencies));
    dependencies.log({ event: "account_unavailable", ...describeError(error) });
    throw accountUnavailable();
  });
  if (admission.outcome === "answered") {
    const { first, kept } = admission;
    const found = kept && (await untilAborted(answers.get(id, first.requestId), timer(LIMITS.storeMs)));
    if (!kept || !found) throw answerNotKept(first);
    return { first, kept, body: found.body };
  }
  if (admission.outcome !== "admitted") throw refusal(admission, request, dependencies);
  const { mode, keyId, quotas, available, most } = admission;
  const amountOf = (units: Units) => Math.min(most, priceOf(call.operation, units));
  return {
    mode,
    keyId,
    quotas,
    charge(units) {
      const amount = amountOf(units);
      return { amount_usd: toUsd(amount), units, balance_usd: available === null ? null : toUsd(available - amount) };
    },
    async settle({ units, cost, left }, answer) {
      const amount = amountOf(units);
      const delivered = { requestId: call.requestId, amount, units };
      const kept = answer && (await keep(answer, delivered, cost, id, dependencies));
      await now(() => calls.settle({ ...delivered, cost, kept, left }), dependencies);
    },
    release: () => now(() => calls.release(call.requestId), dependencies),
  };
}

/** Whether a request was answered before. */
export function isReplay(admitted: AdmittedRequest | Replay): admitted is Replay {
  return "kept" in admitted;
}

/** Stores an answer with what it cost, so that a settlement that is lost can be made from it. Null when it failed. */
async function keep(
  { status, contentType, body }: SentAnswer,
  { requestId, amount, units }: Delivered,
  cost: number | null,
  account: string,
  { answers, timer, log }: PaidDependencies,
): Promise<KeptAnswer | null> {
  const kept = { status, contentType };
  const facts: Pick<SettleCall, "amount" | "units" | "cost" | "kept"> = { amount, units, cost, kept };
  try {
    await untilAborted(answers.put(account, requestId, body, { facts: JSON.stringify(facts) }), timer(LIMITS.storeMs));
    return kept;
  } catch (error) {
    log({ event: "answer_not_kept", ...describeError(error) });
    return null;
  }
}

/** Asks the account now, and when it cannot be reached, again behind the answer. Never rejects. */
async function now(ask: () => Promise<unknown>, dependencies: PaidDependencies): Promise<void> {
  const { timer, log, waitUntil } = dependencies;
  try {
    await untilAborted(ask(), timer(LIMITS.accountMs));
  } catch (error) {
    log({ event: "account_unavailable", ...describeError(error) });
    waitUntil(repeat(ask, dependencies));
  }
}

/** Asks the account again until it answers. The account ends a reservation by itself when all of it is lost. */
async function repeat(ask: () => Promise<unknown>, { timer, sleep, log }: PaidDependencies): Promise<void> {
  for (const wait of RETRY_AFTER_MS) {
    try {
      await sleep(wait, timer(wait + LIMITS.accountMs));
      return void (await untilAborted(ask(), timer(LIMITS.accountMs)));
    } catch (error) {
      log({ event: "account_unavailable", ...describeError(error) });
    }
  }
}

/** The problem of a request that was not admitted. */
function refusal(
  admission: Exclude<Admission, { outcome: "admitted" | "answered" }>,
  { operation, most, bodyBytes, entities }: PaidRequest,
  { howToPay }: PaidDependencies,
): ProblemError {
  switch (admission.outcome) {
    case "in_flight": {
      const { requestId, retryAfterMs } = admission;
      const detail = `${requestId} has the same Idempotency-Key and is still running.`;
      return new ProblemError("request_in_flight", detail, { first_request_id: requestId }, retryAfter(retryAfterMs));
    }
    case "in_doubt": {
      const { requestId } = admission.first;
      const detail = `${requestId} was answered, and its payment is not known to be settled.`;
      return new ProblemError("payment_in_doubt", detail, { first_request_id: requestId }, retryAfter(1_000));
    }
    case "key_reused": {
      const { requestId } = admission;
      const detail = `${requestId} had this Idempotency-Key and another body, picture or Accept.`;
      return new ProblemError("idempotency_key_reused", detail, { first_request_id: requestId });
    }
    case "no_money": {
      const [may, has] = [toUsd(most), toUsd(admission.available)];
      const detail = `The request may cost up to USD ${may}, and the balance is USD ${has}. ${howToPay}`;
      const payment = { most_usd: may, balance_usd: has, price: operationPrice(operation), how: howToPay };
      return new ProblemError("payment_required", detail, { payment });
    }
    case "over_quota": {
      const { plan, name, quotas } = admission;
      const used = quotas.find((quota) => quota.name === name);
      const detail = `The plan ${plan} allows ${used?.limit} requests a ${name}.`;
      const headers = { ...rateLimitHeaders(quotas), ...retryAfter((used?.reset ?? 1) * 1000) };
      return new ProblemError("quota_exceeded", detail, {}, headers);
    }
    case "too_many_at_once": {
      const { plan, limit, quotas } = admission;
      const detail = `The plan ${plan} allows ${limit} requests at the same time.`;
      return new ProblemError("too_many_at_once", detail, {}, { ...rateLimitHeaders(quotas), ...retryAfter(1_000) });
    }
    case "body_too_large": {
      const { plan, limit } = admission;
      const errors = [{ pointer: "", detail: `is too large for the plan ${plan}`, limit, value: bodyBytes }];
      const detail = `The body has ${bodyBytes} bytes; the plan ${plan} allows ${limit}.`;
      return new ProblemError("body_too_large", detail, { errors });
    }
    case "too_many_entities": {
      const { plan, limit } = admission;
      const pointer = operation === "segment" ? "/boxes" : operation === "recognize" ? "/max_entities" : "/entities";
      const errors = [{ pointer, detail: `is more than the plan ${plan} allows`, limit, value: entities }];
      const detail = `${pointer} is ${entities}; the plan ${plan} allows ${limit}.`;
      return new ProblemError("invalid_request", detail, { errors });
    }
    default:
      return keyProblem(admission);
  }
}

/** The fields `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11). */
export function rateLimitHeaders(quotas: readonly Quota[]): Record<string, string> {
  if (quotas.length === 0) return {};
  return {
    "RateLimit-Policy": quotas.map(({ name, limit, window }) => `"${name}";q=${limit};w=${window}`).join(", "),
    RateLimit: quotas.map(({ name, remaining, reset }) => `"${name}";r=${remaining};t=${reset}`).join(", "),
  };
}

/** The field `Retry-After`, in whole seconds, at least 1. */
function retryAfter(milliseconds: number): Record<string, string> {
  return { "Retry-After": String(Math.max(1, Math.ceil(milliseconds / 1000))) };
}

/** The problem of a repeated request whose answer is gone. */
function answerNotKept({ requestId, amount, units }: Delivered): ProblemError {
  const detail = `${requestId} was answered with this Idempotency-Key, and its answer was not kept.`;
  const charge = { amount_usd: toUsd(amount), units, balance_usd: null };
  return new ProblemError("answer_not_kept", detail, { first_request_id: requestId, charge });
}
