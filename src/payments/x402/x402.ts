import type { PaymentRequirements } from "@x402/core/types";
import { ProblemError } from "../../../schemas/problem.ts";
import type { OutsidePayment } from "../../accounts/outside-payment.ts";
import { createProviderFetch, type ProviderFetch } from "../../net/provider-fetch.ts";
import { describeError } from "../../observe/log.ts";
import type { Runtime } from "../../runtime.ts";
import { settledUnits } from "./amount.ts";
import { Facilitator, FacilitatorUnanswered } from "./facilitator.ts";
import { type Payment, readPayment, UnreadablePayment } from "./read-payment.ts";
import { type Scheme, Schemes } from "./schemes.ts";
import { readX402Settings, type X402Settings } from "./settings.ts";
import { emptyReceipt, settlePayment } from "./settlement.ts";
import { type Asked, paymentProblem, requirementsOf, termsBroken } from "./terms.ts";

/** Seconds after which to ask again when the facilitator does not answer. Set by hand. */
const RETRY_AFTER = { "Retry-After": "5" };

/** Payments without an account, by x402 version 2. */
export class X402 {
  readonly #settings: X402Settings;
  readonly #facilitator: Facilitator;
  readonly #schemes: Schemes;
  readonly #log: Runtime["log"];

  /** @param fetch sends requests to the facilitator's origin */
  constructor(
    settings: X402Settings,
    fetch: ProviderFetch,
    { clock, timer, log }: Pick<Runtime, "clock" | "timer" | "log">,
  ) {
    this.#settings = settings;
    this.#facilitator = new Facilitator(settings.facilitator, fetch, timer);
    this.#schemes = new Schemes(this.#facilitator, settings.network, clock);
    this.#log = log;
  }

  /** The problem of a request with neither a key nor a payment: the terms of one. */
  async required(asked: Asked): Promise<ProblemError> {
    return this.#problem(asked, null);
  }

  /** Reads the header PAYMENT-SIGNATURE. Throws `payment_invalid`. */
  async read(header: string, asked: Asked): Promise<Payment> {
    try {
      return await readPayment(header);
    } catch (error) {
      if (!(error instanceof UnreadablePayment)) throw error;
      throw await this.#problem(asked, `The header PAYMENT-SIGNATURE ${error.message}.`);
    }
  }

  /**
   * A payment as the ledger uses it.
   *
   * @param until when the request's time is over, in Unix milliseconds
   */
  outside(payment: Payment, asked: Asked, until: number): OutsidePayment {
    const { payload, payer, authorised } = payment;
    const isExact = payload.accepted.scheme === "exact";
    const terms = (amount: string) => requirementsOf(this.#settings, signedScheme(payment), amount);
    return {
      verify: () => this.#verify(payment, asked, until, terms(String(authorised))),
      amount: (price) => (isExact && price > 0 ? asked.most : price),
      settle: async (amount, doubted) => {
        const requirements = terms(isExact ? String(authorised) : settledUnits(amount));
        if (amount === 0) return { outcome: "settled", receipt: await emptyReceipt(requirements, payer) };
        const settlement = await settlePayment(this.#facilitator, payload, requirements, payer, doubted);
        if (settlement.outcome !== "settled") this.#log({ event: "payment_not_settled", outcome: settlement.outcome });
        return settlement;
      },
      refused: ({ reason, receipt }) =>
        this.#problem(asked, `The facilitator did not settle the payment: ${quotable(reason)}.`, {
          "PAYMENT-RESPONSE": receipt,
        }),
    };
  }

  async #verify(payment: Payment, asked: Asked, until: number, requirements: PaymentRequirements): Promise<void> {
    const broken = termsBroken(payment, this.#settings, await this.#scheme(), asked.most, until);
    if (broken !== null) throw await this.#problem(asked, broken);
    const answer = await this.#answered(() => this.#facilitator.verify(payment.payload, requirements));
    const { isValid, invalidReason, payer } = answer;
    if (!isValid) {
      const reason = quotable(invalidReason ?? "it gave no reason");
      throw await this.#problem(asked, `The facilitator refused the payment: ${reason}.`);
    }
    if (payer && payer.toLowerCase() !== payment.payer) {
      throw await this.#problem(asked, "The payment was signed by another address than its payer.");
    }
  }

  async #problem(asked: Asked, refused: string | null, headers: Record<string, string> = {}): Promise<ProblemError> {
    return paymentProblem(asked, this.#settings, await this.#scheme(), refused, headers);
  }

  async #scheme(): Promise<Scheme> {
    const scheme = await this.#answered(() => this.#schemes.current());
    if (scheme) return scheme;
    this.#log({ event: "facilitator_without_scheme" });
    throw new ProblemError(
      "facilitator_unavailable",
      "The facilitator settles no payments on this deployment's network.",
      {},
      RETRY_AFTER,
    );
  }

  /** What the facilitator answers. Throws `facilitator_unavailable` when it does not. */
  async #answered<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof FacilitatorUnanswered)) throw error;
      this.#log({ event: "facilitator_unavailable", reason: error.message, ...describeError(error) });
      const detail = "The facilitator did not answer: the payment cannot be verified.";
      throw new ProblemError("facilitator_unavailable", detail, {}, RETRY_AFTER);
    }
  }
}

/** The scheme by which a payment was signed. Of what the payer says about it, only what the wallet signs is used. */
function signedScheme({ payload: { accepted } }: Payment): Scheme {
  if (accepted.scheme === "exact") return { name: "exact", extra: {} };
  const { facilitatorAddress } = accepted.extra ?? {};
  return { name: "upto", extra: { assetTransferMethod: "permit2", facilitatorAddress } };
}

/** A facilitator's reason where it is one word of the protocol: anything else is not shown to the caller. */
function quotable(reason: string): string {
  return /^[\w-]{1,100}$/.test(reason) ? reason : "it gave no reason that can be shown";
}

/**
 * The payments that a deployment is configured for, and the faults of that configuration. Null without any.
 *
 * @param needsKeys whether the deployment asks for keys: where nobody pays, no payment is needed
 * @param send replaces the network in tests
 */
export function createX402(
  variable: (name: string) => string,
  needsKeys: boolean,
  runtime: Pick<Runtime, "clock" | "timer" | "log">,
  send?: ProviderFetch,
): { readonly x402: X402 | null; readonly faults: readonly string[] } {
  const { settings, faults } = readX402Settings(variable);
  if (!settings) return { x402: null, faults };
  if (!needsKeys) return { x402: null, faults: ["X402_FACILITATOR is set, which needs ACCESS to be keys"] };
  const fetch = createProviderFetch(new Set([settings.facilitator.origin]), send);
  return { x402: new X402(settings, fetch, runtime), faults };
}
