import type { PaymentRequired, PaymentRequirements } from "@x402/core/types";
import { LIMITS } from "../../../schemas/limits.ts";
import { toUsd } from "../../../schemas/money.ts";
import { operationPrice, type PaidOperation } from "../../../schemas/prices.ts";
import { ProblemError } from "../../../schemas/problem.ts";
import { authorisedUnits } from "./amount.ts";
import type { Payment } from "./read-payment.ts";
import type { Scheme } from "./schemes.ts";
import type { X402Settings } from "./settings.ts";

/** What has to be paid for. */
export interface Asked {
  readonly operation: PaidOperation;
  /** The most that the request may cost, in nano-dollars. */
  readonly most: number;
  /** The address of the operation. */
  readonly url: string;
}

/** Tells wallets that a payment may have an identifier (the extension `payment-identifier`). */
const IDENTIFIER = {
  info: { required: false },
  schema: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: {
      required: { type: "boolean" },
      id: { type: "string", minLength: 16, maxLength: 128, pattern: "^[A-Za-z0-9_-]+$" },
    },
    required: ["required"],
  },
};

const HOW =
  "Sign a payment of the terms in the header PAYMENT-REQUIRED (x402, version 2) and send the same request with it in " +
  "the header PAYMENT-SIGNATURE; or send a key in the header Authorization.";

/** The terms of an amount in the token's smallest units. */
export function requirementsOf({ network, asset, payTo }: X402Settings, scheme: Scheme, amount: string) {
  return {
    scheme: scheme.name,
    network: network as PaymentRequirements["network"],
    amount,
    asset: asset.address,
    payTo,
    maxTimeoutSeconds: LIMITS.paymentSeconds,
    extra: { ...scheme.extra, name: asset.name, version: asset.version },
  } satisfies PaymentRequirements;
}

/**
 * The problem of a request that is not paid, with what has to be paid in its header PAYMENT-REQUIRED.
 *
 * @param refused why the payment that came was not accepted; null when none came
 */
export async function paymentProblem(
  { operation, most, url }: Asked,
  settings: X402Settings,
  scheme: Scheme,
  refused: string | null,
  headers: Record<string, string> = {},
): Promise<ProblemError> {
  const { encodePaymentRequiredHeader } = await import("./wire.ts");
  const required: PaymentRequired = {
    x402Version: 2,
    error: refused ?? "The request has neither a key nor a payment.",
    resource: { url, description: `Namesight ${operation}`, mimeType: "application/json" },
    accepts: [requirementsOf(settings, scheme, authorisedUnits(most))],
    extensions: { "payment-identifier": IDENTIFIER },
  };
  const payment = { most_usd: toUsd(most), balance_usd: null, price: operationPrice(operation), how: HOW };
  const all = { "PAYMENT-REQUIRED": encodePaymentRequiredHeader(required), "Cache-Control": "no-store", ...headers };
  if (refused !== null) return new ProblemError("payment_invalid", refused, { payment }, all);
  const detail = `The request may cost up to USD ${toUsd(most)}, and has neither a key nor a payment. ${HOW}`;
  return new ProblemError("payment_required", detail, { payment }, all);
}

/**
 * Why a payment is not one of the terms, in a sentence; null when it is. `upto` may authorise more than is asked, since
 * only what is delivered is taken; `exact` may not, since all of it is.
 *
 * @param until when the payment has to be valid still, in Unix milliseconds
 */
export function termsBroken(
  { payload: { accepted }, authorised, expires }: Payment,
  { network, asset, payTo }: X402Settings,
  scheme: Scheme,
  most: number,
  until: number,
): string | null {
  const asked = BigInt(authorisedUnits(most));
  if (accepted.scheme !== scheme.name) return `The payment's scheme is not ${scheme.name}.`;
  if (accepted.network !== network) return `The payment's network is not ${network}.`;
  if (!isSame(accepted.asset, asset.address)) return `The payment's asset is not ${asset.address}.`;
  if (!isSame(accepted.payTo, payTo)) return `The payment's payTo is not ${payTo}.`;
  if (accepted.amount !== String(authorised)) return "The payment's terms name another amount than its authorization.";
  if (authorised < asked) return `The payment authorises ${authorised} units of the asset; ${asked} are asked.`;
  if (scheme.name === "exact" && authorised > asked) {
    return `The payment is ${authorised} units of the asset; ${asked} are asked, and exact takes all of a payment.`;
  }
  if (expires * 1000n < BigInt(Math.ceil(until))) return "The payment expires before the request could be settled.";
  return null;
}

/** Whether two addresses are the same, in whatever case they are written. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
