import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { SentAnswer } from "../storage/answer-store.ts";
import type { StoredFile } from "../storage/stored-file.ts";
import { type AskDependencies, askNow } from "./ask-again.ts";
import type { AccountCalls, Admission, SettleCall } from "./calls.ts";
import { dropAnswer, type KeepDependencies, keepAnswer } from "./keep-answer.ts";
import type { OutsidePayment } from "./outside-payment.ts";

/** A payment that came with a request, of an account that is the payer's. */
export interface PaidOutside {
  readonly account: string;
  readonly calls: AccountCalls;
  readonly payment: OutsidePayment;
  /** Whether the answer may stay after it was delivered: `store` of the request. */
  readonly keeps: boolean;
}

type Dependencies = AskDependencies & KeepDependencies;

/** Seconds after which to ask for an answer whose payment is in doubt. Set by hand: a few blocks of most chains. */
const DOUBT_RETRY_AFTER = { "Retry-After": "5" };

/**
 * Keeps an answer, has its payment settled, and books it. The answer is kept first, so that neither a doubt nor a crash
 * loses what was paid for. Returns the value of PAYMENT-RESPONSE.
 *
 * @throws ProblemError when the answer must not be delivered: the payment was refused, or is in doubt
 */
export async function settleOutside(
  delivered: Omit<SettleCall, "kept" | "inDoubt">,
  answer: SentAnswer,
  { account, calls, payment, keeps }: PaidOutside,
  dependencies: Dependencies,
): Promise<string> {
  const { requestId, amount, units, cost } = delivered;
  const kept = await keepAnswer(answer, { requestId, amount, units, cost }, account, dependencies);
  if (!kept) {
    await askNow(() => calls.release(requestId), dependencies);
    const detail = "The answer could not be kept, so that its payment was not settled. Nothing was charged.";
    throw new ProblemError("deadline_exceeded", detail);
  }
  const settlement = await payment.settle(amount, false);
  if (settlement.outcome === "refused") {
    await dropAnswer(account, requestId, dependencies);
    await askNow(() => calls.release(requestId), dependencies);
    throw await payment.refused(settlement);
  }
  if (settlement.outcome === "in_doubt") {
    await askNow(() => calls.settle({ ...delivered, kept, inDoubt: true }), dependencies);
    throw inDoubt(requestId);
  }
  const stays = keeps ? { ...kept, paymentResponse: settlement.receipt } : null;
  await askNow(() => calls.settle({ ...delivered, kept: stays }), dependencies);
  if (!keeps) await dropAnswer(account, requestId, dependencies);
  return settlement.receipt;
}

/**
 * Settles the payment of an answer that was kept in doubt, and returns that answer with the value of PAYMENT-RESPONSE.
 *
 * @throws ProblemError when it is in doubt still
 */
export async function settleDoubt(
  { first, kept }: Extract<Admission, { outcome: "in_doubt" }>,
  found: StoredFile,
  { account, calls, payment, keeps }: PaidOutside,
  dependencies: Dependencies,
): Promise<{ readonly body: ArrayBuffer; readonly paymentResponse: string }> {
  // Before the payment is settled: an answer that cannot be read must not be paid.
  const bytes = new Response(found.body as BodyInit).arrayBuffer();
  const body = await untilAborted(bytes, dependencies.timer(LIMITS.storeMs));
  const settlement = await payment.settle(first.amount, true);
  if (settlement.outcome !== "settled") throw inDoubt(first.requestId);
  const stays = keeps ? { ...kept, paymentResponse: settlement.receipt } : null;
  await askNow(() => calls.settle({ ...first, cost: null, left: [], kept: stays }), dependencies);
  if (!keeps) await dropAnswer(account, first.requestId, dependencies);
  return { body, paymentResponse: settlement.receipt };
}

function inDoubt(requestId: string): ProblemError {
  const detail = `${requestId} was answered, and its payment is not known to be settled. Its answer is kept.`;
  return new ProblemError("payment_in_doubt", detail, { first_request_id: requestId }, DOUBT_RETRY_AFTER);
}
