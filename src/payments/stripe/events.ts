import * as z from "zod/mini";
import type { Transfer } from "../../accounts/calls.ts";
import { METADATA } from "./client.ts";

/** Nano-dollars in a cent. */
export const NANO_CENT = 10_000_000;

/** What an event says of money. */
export type EventMoney =
  /** The account whose money moved, or the payment intent whose account did. Transfers are booked in this order. */
  | {
      readonly owner: { readonly account: string } | { readonly paymentIntent: string };
      readonly transfers: readonly Transfer[];
    }
  /** Nothing to book, and why. */
  | { readonly ignored: string };

/** An event, as far as its type does not matter (the object `event` of Stripe's OpenAPI document). */
export const StripeEvent = z.object({
  id: z.string(),
  type: z.string(),
  livemode: z.boolean(),
  data: z.object({ object: z.unknown() }),
});
export type StripeEvent = z.infer<typeof StripeEvent>;

/** An id, or the whole object where a webhook endpoint is made to expand it. */
const Reference = z.nullable(z.union([z.string(), z.object({ id: z.string() })]));

const CheckoutSession = z.object({
  id: z.string(),
  amount_total: z.nullable(z.int()),
  currency: z.nullable(z.string()),
  metadata: z.nullable(z.record(z.string(), z.string())),
  payment_status: z.string(),
});

const Refund = z.object({
  id: z.string(),
  amount: z.int(),
  currency: z.string(),
  payment_intent: Reference,
  status: z.nullable(z.string()),
});

const Dispute = z.object({
  amount: z.int(),
  currency: z.string(),
  payment_intent: Reference,
  balance_transactions: z.array(z.object({ id: z.string(), amount: z.int(), currency: z.string(), type: z.string() })),
});

/** The object of an event that moves money is not what this version reads. */
export class UnreadableEvent extends Error {}

/**
 * Which money an event moves (docs/reference/payments.md, "Stripe"). Each kind of money is read from one kind of
 * object, whose state decides and not the event's name, and is booked under the id of what moved it. So events may come
 * twice and in any order, and some not at all:
 *
 * - A top-up is a Checkout Session that is paid, at once or later.
 * - A refund is a Refund, whole or in part. It takes its amount as soon as it exists, and gives it back when it failed
 *   or was canceled. `charge.refunded` has only the sum of all refunds, so it is not read.
 * - A dispute is what its balance transactions took from Stripe's balance and gave back, without Stripe's fees. A
 *   dispute that is only a question has none.
 *
 * @throws UnreadableEvent
 */
export function readMoney({ type, data }: StripeEvent): EventMoney {
  const read = READERS.get(type);
  return read ? read(data.object) : { ignored: "type_not_used" };
}

const READERS: ReadonlyMap<string, (object: unknown) => EventMoney> = new Map([
  ["checkout.session.completed", readSession],
  ["checkout.session.async_payment_succeeded", readSession],
  ["checkout.session.async_payment_failed", readSession],
  ["refund.created", readRefund],
  ["refund.updated", readRefund],
  ["refund.failed", readRefund],
  ["charge.dispute.created", readDispute],
  ["charge.dispute.updated", readDispute],
  ["charge.dispute.funds_withdrawn", readDispute],
  ["charge.dispute.funds_reinstated", readDispute],
  ["charge.dispute.closed", readDispute],
]);

/** The types of events that a webhook endpoint has to send. docs/deploy.md lists them. */
export const EVENT_TYPES: readonly string[] = [...READERS.keys()];

function readSession(object: unknown): EventMoney {
  const { id, amount_total, currency, metadata, payment_status } = parse(CheckoutSession, object);
  const account = metadata?.[METADATA.account];
  if (account === undefined) return { ignored: "not_a_top_up" };
  if (payment_status !== "paid") return { ignored: "not_paid" };
  if (currency !== "usd") return { ignored: "other_currency" };
  return { owner: { account }, transfers: transfer("topup", id, amount_total ?? 0) };
}

function readRefund(object: unknown): EventMoney {
  const { id, amount, currency, payment_intent, status } = parse(Refund, object);
  const paymentIntent = idOf(payment_intent);
  if (paymentIntent === null) return { ignored: "not_a_top_up" };
  if (currency !== "usd") return { ignored: "other_currency" };
  const isUndone = status === "failed" || status === "canceled";
  const undone = isUndone ? transfer("credit", `${id} undone`, amount) : [];
  return { owner: { paymentIntent }, transfers: [...transfer("refund", id, amount), ...undone] };
}

function readDispute(object: unknown): EventMoney {
  const { amount, currency, payment_intent, balance_transactions } = parse(Dispute, object);
  const paymentIntent = idOf(payment_intent);
  if (paymentIntent === null) return { ignored: "not_a_top_up" };
  if (currency !== "usd") return { ignored: "other_currency" };
  const moved = balance_transactions.filter(({ amount, type }) => amount !== 0 && !type.endsWith("_fee"));
  if (moved.length === 0) return { ignored: "no_money_moved" };
  const transfers = moved.flatMap(({ id, amount: cents, currency }) =>
    // Where Stripe's balance is in another currency, the disputed amount is what is known in dollars.
    transfer(cents < 0 ? "dispute" : "dispute_won", id, currency === "usd" ? Math.abs(cents) : amount),
  );
  return { owner: { paymentIntent }, transfers };
}

/** One transfer; none of nothing. */
function transfer(kind: Transfer["kind"], reference: string, cents: number): Transfer[] {
  return cents > 0 ? [{ kind, reference, amount: cents * NANO_CENT }] : [];
}

function idOf(reference: z.infer<typeof Reference>): string | null {
  return typeof reference === "object" ? (reference?.id ?? null) : reference;
}

function parse<Schema extends z.ZodMiniType>(schema: Schema, object: unknown): z.infer<Schema> {
  const read = z.safeParse(schema, object);
  if (!read.success) throw new UnreadableEvent();
  return read.data;
}
