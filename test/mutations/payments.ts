import type { PaymentInvariant } from "../support/x402/invariants.ts";
import type { MutationOf } from "./mutation.ts";

/** One mutation or more for each invariant of a payment, by a name. */
export const PAYMENTS = {
  "a used nonce does not end a doubt": {
    invariant: "that was taken gets its answer",
    file: "src/payments/x402/settlement.ts",
    find: "/nonce|^permit2_simulation_failed$/i",
    replace: "/^never$/",
  },
  "a refusal ends a doubt": {
    invariant: "that was taken gets its answer",
    file: "src/payments/x402/settlement.ts",
    find: "else if (!inDoubt) return",
    replace: "else if (!NONCE_USED.test(reason)) return",
  },
  "a payment in doubt is released": {
    invariant: "that was taken gets its answer",
    file: "src/accounts/settle-outside.ts",
    find: "calls.settle({ ...delivered, kept, inDoubt: true })",
    replace: "calls.release(requestId)",
  },
  "a payment is bound to no request": {
    invariant: "gets the answer to one request",
    file: "src/accounts/repeatables.ts",
    find: "row.fingerprint !== fingerprint",
    replace: "row.fingerprint === null",
  },
  "an answer is delivered although its payment was refused": {
    invariant: "is taken once for an answer",
    file: "src/accounts/settle-outside.ts",
    find: "    throw await payment.refused(settlement);\n",
    replace: "    return settlement.receipt;\n",
  },
  "the whole is settled by upto": {
    invariant: "is booked as it was taken",
    file: "src/payments/x402/x402.ts",
    find: "isExact ? String(authorised) : settledUnits(amount)",
    replace: "String(authorised)",
  },
} as const satisfies Record<string, MutationOf<PaymentInvariant>>;
