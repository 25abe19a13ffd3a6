import type { KeyMode } from "../../schemas/accounts.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { toNanoDollars, toUsd } from "../../schemas/money.ts";
import { type Charge, operationPrice, type PaidOperation, priceOf, type Units } from "../../schemas/prices.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { describeError } from "../observe/log.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Runtime } from "../runtime.ts";
import type { AnswerStore, SentAnswer } from "../storage/answer-store.ts";
import type { StoredFile } from "../storage/stored-file.ts";
import { accountUnavailable, askAccount } from "./ask-account.ts";
import { askAgain, askNow } from "./ask-again.ts";
import type { AccountCalls, Admission, AdmitCall, Delivered, KeptAnswer, Quota } from "./calls.ts";
import { keepAnswer } from "./keep-answer.ts";
import { keyProblem } from "./key-problem.ts";
import type { OutsidePayment } from "./outside-payment.ts";
import { type PaidOutside, settleDoubt, settleOutside } from "./settle-outside.ts";

/** A request for a paid operation: which account is asked what. */
export interface PaidRequest extends AdmitCall {
  readonly account: string;
  /** The payment that came with the request, of the credential `payment`. */
  readonly payment?: OutsidePayment;
  /** How long the account may take to admit the request, in milliseconds, if that is less than `LIMITS.accountMs`. */
  readonly admitMs?: number;
  /** JSON pointer to the field of the request that limits its entities. */
  readonly entitiesPointer?: string;
  /** Whether the same request is asked again when the account's answer is lost, so that nothing is released then. */
  readonly isAskedAgain?: boolean;
  /** Of a request with a payment, whether its answer may stay after it was delivered. */
  readonly keeps?: boolean;
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
  readonly body: StoredFile["body"] | ArrayBuffer;
}

/** A request of which a job was begun before. */
export interface BegunJob {
  /** The first request's id, which is the job's. */
  readonly job: string;
  /** What the job delivered, once that is booked; null while the first request's reservation is open. */
  readonly first: Delivered | null;
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
  /** What another process needs to end it. */
  readonly facts: AdmittedFacts;
  readonly mode: KeyMode;
  readonly keyId: string | null;
  readonly quotas: readonly Quota[];
  /** How long the account has results of jobs kept, in seconds. */
  readonly keepSeconds: number;
  /** Ids of the account's webhook endpoints that were disabled because they failed. */
  readonly disabledWebhooks: readonly string[];
  /** What the answer to a delivery is charged. It goes into the answer before the answer is kept. */
  charge(units: Units): Charge;
  /**
   * Keeps the answer for repeats, where there is one to keep, and charges the request. An account that cannot be
   * reached is asked again behind the answer. Returns headers of the response.
   *
   * @param answer as it is sent; null when it is not to be kept. The answer to a payment has to be there: it is kept
   *   until the payment is settled at least
   * @throws ProblemError when a payment was not settled: the answer must not be sent then
   */
  settle(delivery: Delivery, answer: SentAnswer | null): Promise<Record<string, string>>;
  /** Ends a request that delivered nothing. It costs nothing. */
  release(): Promise<void>;
}

/**
 * Has a paid request admitted, before any work. Either it may run, and has to be settled or released, or it was
 * answered before and that answer is sent again.
 *
 * @throws ProblemError when the request may not run; nothing is reserved then
 */
export async function admit(request: PaidRequest, dependencies: PaidDependencies): Promise<AdmittedRequest | Replay> {
  const { account: id, payment, keeps = false } = request;
  const calls = dependencies.account(id);
  const outside = payment && { account: id, calls, payment, keeps };
  const admission = (await lookUp(request, calls, dependencies)) ?? (await ask(request, calls, dependencies));
  if (admission.outcome === "answered" || (admission.outcome === "in_doubt" && outside)) {
    const { first, kept } = admission;
    const found = kept && (await readKept(id, first.requestId, dependencies));
    if (!kept || !found) throw answerNotKept(first);
    if (admission.outcome === "answered" || !outside) return { first, kept, body: found.body };
    const { body, paymentResponse } = await whole(settleDoubt(admission, found, outside, dependencies), dependencies);
    return { first, kept: { ...kept, paymentResponse }, body };
  }
  if (admission.outcome === "ended") throw answerNotKept(admission.first);
  if (admission.outcome !== "admitted") throw refusal(admission, request, dependencies);
  return admittedOf(admission, request, dependencies, outside);
}

/**
 * Has a request admitted that a job answers. A request of which a job was begun before, by its `Idempotency-Key`, gets
 * that job.
 *
 * @throws ProblemError when the request may not run; nothing is reserved then
 */
export async function admitJob(
  request: PaidRequest,
  dependencies: PaidDependencies,
): Promise<AdmittedRequest | BegunJob> {
  const admission = await ask(request, dependencies.account(request.account), dependencies);
  if (admission.outcome === "in_flight") return { job: admission.requestId, first: null };
  if (admission.outcome === "answered") return { job: admission.first.requestId, first: admission.first };
  if (admission.outcome === "ended") throw answerNotKept(admission.first);
  if (admission.outcome !== "admitted") throw refusal(admission, request, dependencies);
  return admittedOf(admission, request, dependencies);
}

function admittedOf(
  { mode, keyId, quotas, available, most, keepSeconds, disabledWebhooks }: Extract<Admission, { outcome: "admitted" }>,
  { account, requestId, operation }: PaidRequest,
  dependencies: PaidDependencies,
  outside?: PaidOutside,
): AdmittedRequest {
  const facts = { account, requestId, operation, mode, keyId, most, available };
  return { ...admittedRequest(facts, dependencies, outside), facts, quotas, keepSeconds, disabledWebhooks };
}

/** What is known of a request that was admitted, so that another process can end it. It is stored as JSON. */
export interface AdmittedFacts {
  readonly account: string;
  readonly requestId: string;
  readonly operation: PaidOperation;
  readonly mode: KeyMode;
  /** The key's id, or `source:` and the source's; null for a payment. */
  readonly keyId: string | null;
  /** The most that the answer may be charged, in nano-dollars. */
  readonly most: number;
  /** What the account could spend before this request, in nano-dollars; null for a payment. */
  readonly available: number | null;
}

/** The end of a request that was admitted, by this process or an earlier one. */
export function admittedRequest(
  { account, requestId, operation, mode, keyId, most, available }: AdmittedFacts,
  dependencies: PaidDependencies,
  outside?: PaidOutside,
): Pick<AdmittedRequest, "mode" | "keyId" | "charge" | "settle" | "release"> {
  const calls = dependencies.account(account);
  const amountOf = (units: Units) => {
    const price = priceOf(operation, units);
    return Math.min(most, outside ? outside.payment.amount(price) : price);
  };
  let isSettling = false;
  return {
    mode,
    keyId,
    charge(units) {
      const amount = amountOf(units);
      return { amount_usd: toUsd(amount), units, balance_usd: available === null ? null : toUsd(available - amount) };
    },
    async settle({ units, cost, left }, answer) {
      isSettling = true;
      const delivered = { requestId, amount: amountOf(units), units, cost, left };
      if (outside) {
        if (!answer) throw new Error("a payment is settled for a whole answer only");
        return {
          "PAYMENT-RESPONSE": await whole(settleOutside(delivered, answer, outside, dependencies), dependencies),
        };
      }
      const { left: _, ...facts } = delivered;
      const kept = answer && (await keepAnswer(answer, facts, account, dependencies));
      const isTold = await askNow(() => calls.settle({ ...delivered, kept }), dependencies);
      // Should this process end before the account hears of it, the account finds there what to charge.
      if (!isTold && !kept) await keepAnswer(null, facts, account, dependencies);
      return {};
    },
    // What happens to a payment whose settlement began is the settlement's to say.
    release: async () => {
      if (!isSettling) await askNow(() => calls.release(requestId), dependencies);
    },
  };
}

/**
 * Whether a request with a payment was sent before: its payment cannot be verified again once it was settled. A payment
 * that is new is verified.
 */
async function lookUp(
  { payment, repeatable }: PaidRequest,
  calls: AccountCalls,
  dependencies: PaidDependencies,
): Promise<Admission | null> {
  if (!payment || !repeatable) return null;
  const known = await askAccount(calls.lookUp(repeatable), dependencies);
  if (!known) await payment.verify();
  return known;
}

async function ask(request: PaidRequest, calls: AccountCalls, dependencies: PaidDependencies): Promise<Admission> {
  const {
    account: _,
    payment: _payment,
    keeps: _keeps,
    entitiesPointer: _pointer,
    admitMs,
    isAskedAgain,
    ...call
  } = request;
  const milliseconds = Math.min(admitMs ?? LIMITS.accountMs, LIMITS.accountMs);
  try {
    return await untilAborted(calls.admit(call), dependencies.timer(Math.max(0, milliseconds)));
  } catch (error) {
    // It may have been admitted all the same.
    if (!isAskedAgain) dependencies.waitUntil(askAgain(() => calls.release(call.requestId), dependencies));
    dependencies.log({ event: "account_unavailable", ...describeError(error) });
    throw accountUnavailable();
  }
}

/** An answer that was kept; null when it is gone. */
async function readKept(
  account: string,
  requestId: string,
  { answers, timer, log }: PaidDependencies,
): Promise<StoredFile | null> {
  try {
    return await untilAborted(answers.get(account, requestId), timer(LIMITS.storeMs));
  } catch (error) {
    log({ event: "answer_not_read", ...describeError(error) });
    throw accountUnavailable("The answer that was kept could not be read.");
  }
}

/** Does work to its end, also when the caller leaves. */
function whole<T>(work: Promise<T>, { waitUntil }: PaidDependencies): Promise<T> {
  waitUntil(work.catch(() => undefined));
  return work;
}

/** Whether a request was answered before. */
export function isReplay(admitted: object): admitted is Replay {
  return "kept" in admitted;
}

/** Whether a job was begun for a request before. */
export function isBegunJob(admitted: object): admitted is BegunJob {
  return "job" in admitted;
}

/** The problem of a request that was not admitted. */
function refusal(
  admission: Exclude<Admission, { outcome: "admitted" | "answered" | "ended" }>,
  { operation, most, bodyBytes, entities, entitiesPointer: pointer = "", payment }: PaidRequest,
  { howToPay }: PaidDependencies,
): ProblemError {
  switch (admission.outcome) {
    case "in_flight": {
      const { requestId, retryAfterMs } = admission;
      return inFlight(requestId, retryAfterMs, payment ? "payment" : "Idempotency-Key");
    }
    case "in_doubt": {
      const { requestId } = admission.first;
      const detail = `${requestId} was answered, and its payment is not known to be settled.`;
      return new ProblemError("payment_in_doubt", detail, { first_request_id: requestId }, retryAfter(1_000));
    }
    case "key_reused": {
      const { requestId } = admission;
      const first = { first_request_id: requestId };
      if (payment) {
        const detail = `${requestId} had this payment and another body, picture or Accept.`;
        return new ProblemError("payment_reused", detail, first);
      }
      const detail = `${requestId} had this Idempotency-Key and another body, picture, Accept or Prefer.`;
      return new ProblemError("idempotency_key_reused", detail, first);
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
      const errors = [{ pointer, detail: `is more than the plan ${plan} allows`, limit, value: entities }];
      const detail = `${pointer} asks for ${entities}; the plan ${plan} allows ${limit}.`;
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

/** The field `Webhook-Disabled`: endpoints that get nothing more until their owner enables them again. */
export function webhookHeaders(disabledWebhooks: readonly string[]): Record<string, string> {
  return disabledWebhooks.length === 0 ? {} : { "Webhook-Disabled": disabledWebhooks.join(", ") };
}

/** The field `Retry-After`, in whole seconds, at least 1. */
function retryAfter(milliseconds: number): Record<string, string> {
  return { "Retry-After": String(Math.max(1, Math.ceil(milliseconds / 1000))) };
}

/**
 * The problem of a repeat whose job is not there, or keeps nothing any more. What was charged was answered. What was
 * not has not begun so far, or is about to be free for a repeat to run.
 *
 * @param charge what the job says that it costs; null where it says nothing
 */
export function noJobThere({ job, first }: BegunJob, charge: Charge | null): ProblemError {
  if (first) return answerNotKept(first);
  if (!charge) return inFlight(job, 1_000, "Idempotency-Key");
  return answerNotKept({ requestId: job, amount: toNanoDollars(charge.amount_usd), units: charge.units });
}

function inFlight(requestId: string, retryAfterMs: number, shared: "payment" | "Idempotency-Key"): ProblemError {
  const detail = `${requestId} has the same ${shared} and is still running.`;
  return new ProblemError("request_in_flight", detail, { first_request_id: requestId }, retryAfter(retryAfterMs));
}

/** The problem of a repeated request whose answer is gone. */
function answerNotKept({ requestId, amount, units }: Delivered): ProblemError {
  const detail = `${requestId} was answered, and its answer was not kept.`;
  const charge = { amount_usd: toUsd(amount), units, balance_usd: null };
  return new ProblemError("answer_not_kept", detail, { first_request_id: requestId, charge });
}
