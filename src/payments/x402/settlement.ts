import type { PaymentPayload, PaymentRequirements, SettleResponse } from "@x402/core/types";
import type { OutsideSettlement } from "../../accounts/outside-payment.ts";
import { type Facilitator, FacilitatorUnanswered, type Settled } from "./facilitator.ts";

/**
 * Words of facilitators for a nonce that is used: `invalid_exact_evm_nonce_already_used`, `permit2_invalid_nonce`, and
 * `permit2_simulation_failed`, which the reference facilitator says when signature, time, balance and allowance are in
 * order and the transfer would fail all the same.
 */
const NONCE_USED = /nonce|^permit2_simulation_failed$/i;

/** The facilitator sent the transaction and has not seen it confirmed: asking again waits for it. */
const PENDING = "settlement_pending";

/**
 * Has a payment settled. A settlement of which nothing was heard is asked for once more, unless its time was over: a
 * payment's nonce is used once, so that this never pays twice.
 *
 * After a doubt, only a success, or that the nonce was used, says that the payment was settled. Any other refusal
 * leaves the doubt: a payer who has paid may have nothing left to pay with again.
 *
 * @param doubted whether an earlier settlement of this payment is in doubt
 */
export async function settlePayment(
  facilitator: Pick<Facilitator, "settle">,
  payload: PaymentPayload,
  requirements: PaymentRequirements,
  payer: string,
  doubted: boolean,
): Promise<OutsideSettlement> {
  let inDoubt = doubted;
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await facilitator.settle(payload, requirements);
      if (answer.success) return { outcome: "settled", receipt: await receiptOf(answer, requirements, payer) };
      const reason = answer.errorReason ?? "it gave no reason";
      if (reason === PENDING) inDoubt = true;
      else if (!inDoubt) return { outcome: "refused", reason, receipt: await receiptOf(answer, requirements, payer) };
      else if (NONCE_USED.test(reason)) {
        const settled = { success: true, transaction: answer.transaction };
        return { outcome: "settled", receipt: await receiptOf(settled, requirements, payer) };
      } else return { outcome: "in_doubt", reason };
      if (attempt === 2) return { outcome: "in_doubt", reason };
    } catch (error) {
      if (!(error instanceof FacilitatorUnanswered)) throw error;
      inDoubt = true;
      if (attempt === 2 || error.timedOut) return { outcome: "in_doubt", reason: error.message };
    }
  }
}

/** The header PAYMENT-RESPONSE for an answer of which nothing had to be settled. */
export function emptyReceipt(requirements: PaymentRequirements, payer: string): Promise<string> {
  return receiptOf({ success: true, transaction: "" }, { ...requirements, amount: "0" }, payer);
}

async function receiptOf(
  { success, transaction, errorReason }: Pick<Settled, "success" | "transaction" | "errorReason">,
  { network, amount }: PaymentRequirements,
  payer: string,
): Promise<string> {
  const { encodePaymentResponseHeader } = await import("./wire.ts");
  const response: SettleResponse = { success, transaction: transaction ?? "", network, payer };
  return encodePaymentResponseHeader(
    success ? { ...response, amount } : { ...response, errorReason: errorReason ?? "" },
  );
}
