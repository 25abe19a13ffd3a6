import type { PaymentPayload } from "@x402/core/types";
import * as z from "zod/mini";
import { fromBase64 } from "../../../schemas/encodings.ts";
import { jsonExcess } from "../../../schemas/json-size.ts";
import { LIMITS } from "../../../schemas/limits.ts";

/** Most levels and values of a payment. Set by hand: one with every extension of the specification has a hundred. */
const PAYMENT_JSON = { levels: 12, values: 1_000 };

const Address = z.string().check(z.regex(/^0x[0-9a-fA-F]{40}$/));
const Whole = z.string().check(z.regex(/^\d{1,78}$/));

/** A transfer that its token executes by itself (EIP-3009). */
const Transfer = z.object({
  from: Address,
  value: Whole,
  validBefore: Whole,
  nonce: z.string().check(z.regex(/^0x[0-9a-fA-F]{64}$/)),
});
/** A transfer by the contract Permit2, which the payer allowed to move the token. */
const Permit = z.object({
  from: Address,
  permitted: z.object({ amount: Whole }),
  deadline: Whole,
  nonce: Whole,
});
const Identifier = z.object({ info: z.object({ id: z.optional(z.string().check(z.regex(/^[\w-]{16,128}$/))) }) });

/** A payment as the payer signed it. Nothing of it is verified. */
export interface Payment {
  readonly payload: PaymentPayload;
  /** The payer's address, in lower case. */
  readonly payer: string;
  /** What makes the payment one that can be settled once: its kind and its nonce, each in one spelling. */
  readonly nonce: string;
  /** The id of the extension `payment-identifier`; null without it. */
  readonly identifier: string | null;
  /** What the payer authorised, in the token's smallest units. */
  readonly authorised: bigint;
  /** When it expires, in Unix seconds. */
  readonly expires: bigint;
}

/** Why a payment cannot be read, as the end of the sentence "PAYMENT-SIGNATURE …". */
export class UnreadablePayment extends Error {
  constructor(why: string) {
    super(why);
    this.name = "UnreadablePayment";
  }
}

/** Reads the header PAYMENT-SIGNATURE. Throws `UnreadablePayment`. */
export async function readPayment(header: string): Promise<Payment> {
  if (header.length > LIMITS.paymentLength) {
    throw new UnreadablePayment(`has ${header.length} characters; the limit is ${LIMITS.paymentLength}`);
  }
  const text = new TextDecoder().decode(fromBase64(header) ?? new Uint8Array());
  if (jsonExcess(text, PAYMENT_JSON)) throw new UnreadablePayment("has too many values, or too deep in each other");
  const payload = await decode(header);
  const { authorization, permit2Authorization } = payload.payload;
  const transfer = z.safeParse(Transfer, authorization);
  const permit = z.safeParse(Permit, permit2Authorization);
  const identifier = z.safeParse(z.optional(Identifier), payload.extensions?.["payment-identifier"]);
  if (!identifier.success) {
    throw new UnreadablePayment("has a payment identifier that is not 16 to 128 letters, digits, _ or -");
  }
  const facts = { payload, identifier: identifier.data?.info.id ?? null };
  if (transfer.success && permit2Authorization === undefined) {
    const { from, value, validBefore, nonce } = transfer.data;
    const expires = BigInt(validBefore);
    return {
      ...facts,
      payer: from.toLowerCase(),
      nonce: `eip3009:${nonce.toLowerCase()}`,
      authorised: BigInt(value),
      expires,
    };
  }
  if (permit.success && authorization === undefined) {
    const { from, permitted, deadline, nonce } = permit.data;
    const [authorised, expires] = [BigInt(permitted.amount), BigInt(deadline)];
    return { ...facts, payer: from.toLowerCase(), nonce: `permit2:${BigInt(nonce)}`, authorised, expires };
  }
  throw new UnreadablePayment("has no authorization of EIP-3009 or Permit2");
}

/** The payload by the official decoder and schema. */
async function decode(header: string): Promise<PaymentPayload> {
  const { decodePaymentSignatureHeader, PaymentPayloadV2Schema } = await import("./wire.ts");
  try {
    const payload = decodePaymentSignatureHeader(header);
    const parsed = PaymentPayloadV2Schema.safeParse(payload);
    // What is sent on is what was signed, with the fields that the schema does not know.
    if (parsed.success) return payload;
  } catch {
    throw new UnreadablePayment("is not base64 of JSON");
  }
  throw new UnreadablePayment("is not a payment of x402 version 2");
}
