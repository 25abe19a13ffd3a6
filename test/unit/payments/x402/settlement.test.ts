import { decodePaymentResponseHeader } from "@x402/core/http";
import type { PaymentPayload } from "@x402/core/types";
import { expect, test } from "vitest";
import { FacilitatorUnanswered, type Settled } from "../../../../src/payments/x402/facilitator.ts";
import { emptyReceipt, settlePayment } from "../../../../src/payments/x402/settlement.ts";
import { requirementsOf } from "../../../../src/payments/x402/terms.ts";
import { SETTINGS } from "../../../support/x402/settings.ts";

const REQUIREMENTS = requirementsOf(SETTINGS, { name: "exact", extra: {} }, "700");
const PAYER = "0x00000000000000000000000000000000000000bb";
const settled: Settled = { success: true, transaction: "0x01", network: "eip155:84532" };
const refused = (errorReason: string): Settled => ({ success: false, errorReason, transaction: "" });
const pending: Settled = { success: false, errorReason: "settlement_pending", transaction: "0x01" };
const lost = new FacilitatorUnanswered("settle", "broke off");
const late = new FacilitatorUnanswered("settle", "did not answer within 20000 ms", true);
const used = refused("invalid_exact_evm_nonce_already_used");
const poor = refused("invalid_exact_evm_insufficient_balance");

type Answer = Settled | FacilitatorUnanswered;

async function settle(doubted: boolean, answers: readonly Answer[]) {
  const left = [...answers];
  const facilitator = {
    settle: async () => {
      const answer = left.shift();
      if (!answer) throw new Error("asked too often");
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const { outcome } = await settlePayment(facilitator, {} as PaymentPayload, REQUIREMENTS, PAYER, doubted);
  return { outcome, asked: answers.length - left.length };
}

test.each<[string, boolean, readonly Answer[], string, number]>([
  ["a success", false, [settled], "settled", 1],
  ["a refusal", false, [poor, settled], "refused", 1],
  ["a used nonce without a doubt", false, [used], "refused", 1],
  ["a lost answer and a success", false, [lost, settled], "settled", 2],
  ["a lost answer and a used nonce", false, [lost, used], "settled", 2],
  ["a lost answer and a failed simulation", false, [lost, refused("permit2_simulation_failed")], "settled", 2],
  ["a lost answer and a refusal", false, [lost, poor], "in_doubt", 2],
  ["two lost answers", false, [lost, lost, settled], "in_doubt", 2],
  ["a pending transaction and a success", false, [pending, settled], "settled", 2],
  ["a transaction that stays pending", false, [pending, pending], "in_doubt", 2],
  ["an answer that is too late", false, [late, settled], "in_doubt", 1],
  ["a success after a doubt", true, [settled], "settled", 1],
  ["a used nonce after a doubt", true, [used], "settled", 1],
  ["a refusal after a doubt", true, [poor, settled], "in_doubt", 1],
  ["an expiry after a doubt", true, [refused("permit2_deadline_expired")], "in_doubt", 1],
])("%s", async (_, doubted, answers, outcome, asked) => {
  expect(await settle(doubted, answers)).toEqual({ outcome, asked });
});

test("tells the payer what was taken, and why nothing was", async () => {
  const receiptOf = async (answer: Settled) => {
    const settlement = await settlePayment(
      { settle: async () => answer },
      {} as PaymentPayload,
      REQUIREMENTS,
      PAYER,
      false,
    );
    return decodePaymentResponseHeader("receipt" in settlement ? settlement.receipt : "");
  };
  const network = "eip155:84532";
  expect(await receiptOf(settled)).toEqual({
    success: true,
    transaction: "0x01",
    network,
    payer: PAYER,
    amount: "700",
  });
  const errorReason = "invalid_exact_evm_insufficient_balance";
  expect(await receiptOf(poor)).toEqual({ success: false, transaction: "", network, payer: PAYER, errorReason });
  const nothing = { success: true, transaction: "", network, payer: PAYER, amount: "0" };
  expect(decodePaymentResponseHeader(await emptyReceipt(REQUIREMENTS, PAYER))).toEqual(nothing);
});
