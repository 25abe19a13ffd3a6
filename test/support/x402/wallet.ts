import { x402Client } from "@x402/core/client";
import { decodePaymentRequiredHeader, encodePaymentSignatureHeader } from "@x402/core/http";
import type { PaymentPayload, PaymentRequired } from "@x402/core/types";
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { UptoEvmScheme } from "@x402/evm/upto/client";
import { privateKeyToAccount } from "viem/accounts";
import { NETWORK } from "./facilitator.ts";

/** The terms in the header PAYMENT-REQUIRED. */
export function termsOf(response: Response): PaymentRequired {
  return decodePaymentRequiredHeader(response.headers.get("payment-required") ?? "");
}

/** A payer with a key of its own and the official client, which signs what the terms ask. */
export class Wallet {
  readonly #account: ReturnType<typeof privateKeyToAccount>;
  readonly #client: x402Client;

  /** @param number makes the private key */
  constructor(number: number) {
    this.#account = privateKeyToAccount(`0x${String(number).padStart(64, "0")}`);
    this.#client = new x402Client()
      .register(NETWORK, new ExactEvmScheme(this.#account))
      .register(NETWORK, new UptoEvmScheme(this.#account));
  }

  get address(): string {
    return this.#account.address;
  }

  /** A signed payment of the terms. */
  async sign(terms: PaymentRequired, identifier?: string): Promise<PaymentPayload> {
    const payload = await this.#client.createPaymentPayload(terms);
    if (identifier === undefined) return payload;
    return { ...payload, extensions: { "payment-identifier": { info: { required: false, id: identifier } } } };
  }

  /** The header PAYMENT-SIGNATURE with a signed payment of the terms. */
  async pay(terms: PaymentRequired, identifier?: string): Promise<string> {
    return encodePaymentSignatureHeader(await this.sign(terms, identifier));
  }
}
