import fc from "fast-check";
import { expect, test } from "vitest";
import type { AccountCalls, Transfer } from "../../../../src/accounts/calls.ts";
import { bookEvent } from "../../../../src/payments/stripe/book-event.ts";
import { METADATA, type StripeSettings } from "../../../../src/payments/stripe/client.ts";
import type { StripeEvent } from "../../../../src/payments/stripe/events.ts";
import { TestAccount } from "../../../support/accounts/account.ts";
import { SECRET_KEY, WEBHOOK_SECRET } from "../../../support/stripe/events.ts";
import {
  balanceTransaction,
  checkoutSession,
  dispute,
  paymentIntent,
  refund,
  stripeEvent,
} from "../../../support/stripe/objects.ts";

const ACCOUNT = "newsroom";
const metadata = { [METADATA.account]: ACCOUNT };
const stripe: StripeSettings = {
  secretKey: SECRET_KEY,
  webhookSecret: WEBHOOK_SECRET,
  isLive: false,
  fetch: async () => Response.json(paymentIntent({ id: "pi_1", amount: 500, metadata })),
};

/** Everything that happened to a top-up, in US cents. */
const TopUp = fc.record({
  cents: fc.integer({ min: 500, max: 5_000 }),
  payment: fc.constantFrom("at once", "later", "never"),
  refunds: fc.array(
    fc.record({ cents: fc.integer({ min: 1, max: 1_500 }), end: fc.constantFrom("succeeded", "failed", "canceled") }),
    { maxLength: 3 },
  ),
  dispute: fc.constantFrom("none", "a question", "lost", "won"),
});
type TopUp = typeof TopUp extends fc.Arbitrary<infer T> ? T : never;

/** The events that Stripe makes of a top-up, and what it leaves on the balance, in cents. */
function historyOf({ cents, payment, refunds, dispute: disputed }: TopUp, index: number) {
  const session = (payment_status: string) =>
    checkoutSession({ id: `cs_${index}`, amount_total: cents, metadata, payment_status });
  const events = [stripeEvent("checkout.session.completed", session(payment === "at once" ? "paid" : "unpaid"))];
  if (payment === "never") {
    events.push(stripeEvent("checkout.session.async_payment_failed", session("unpaid")));
    return { events, left: 0 };
  }
  if (payment === "later") events.push(stripeEvent("checkout.session.async_payment_succeeded", session("paid")));
  let left = cents;
  for (const [part, { cents: amount, end }] of refunds.entries()) {
    const state = (status: string) => refund({ id: `re_${index}_${part}`, amount, payment_intent: "pi_1", status });
    events.push(stripeEvent("refund.created", state("pending")), stripeEvent("refund.updated", state(end)));
    events.push(stripeEvent("charge.refunded", { id: `ch_${index}` }));
    if (end === "failed") events.push(stripeEvent("refund.failed", state(end)));
    if (end === "succeeded") left -= amount;
  }
  if (disputed === "none") return { events, left };
  const state = (status: string, ...balance_transactions: object[]) =>
    dispute({ id: `du_${index}`, amount: cents, payment_intent: "pi_1", status, balance_transactions });
  const out = balanceTransaction({ id: `txn_out_${index}`, amount: -cents, fee: 1_500 });
  const fee = balanceTransaction({ id: `txn_fee_${index}`, amount: -1_500, type: "stripe_fee" });
  const back = balanceTransaction({ id: `txn_back_${index}`, amount: cents });
  if (disputed === "a question") {
    events.push(stripeEvent("charge.dispute.created", state("warning_needs_response")));
    events.push(stripeEvent("charge.dispute.closed", state("warning_closed")));
    return { events, left };
  }
  events.push(stripeEvent("charge.dispute.created", state("needs_response")));
  events.push(stripeEvent("charge.dispute.funds_withdrawn", state("needs_response", out)));
  events.push(stripeEvent("charge.dispute.updated", state("under_review", out, fee)));
  if (disputed === "won") events.push(stripeEvent("charge.dispute.funds_reinstated", state("won", out, back)));
  events.push(stripeEvent("charge.dispute.closed", state(disputed, out, ...(disputed === "won" ? [back] : []))));
  return { events, left: disputed === "won" ? left : left - cents };
}

/**
 * What becomes of a delivery: it may come late, or never, where a later event has the same object; or the account fails
 * before or after it books its nth transfer.
 */
const Fate = fc.oneof(
  { weight: 3, arbitrary: fc.constant("told" as const) },
  { weight: 2, arbitrary: fc.constantFrom("twice" as const, "late" as const, "never" as const) },
  { weight: 2, arbitrary: fc.record({ fails: fc.nat(2), isBooked: fc.boolean() }) },
);

const objectOf = ({ data }: StripeEvent) => (data.object as { readonly id: string }).id;

/** Whether an event is the last one of its object: it says all that the others do. */
const isLast = (event: StripeEvent, events: readonly StripeEvent[]) =>
  events.findLast((other) => objectOf(other) === objectOf(event)) === event;

test("events of several top-ups leave the same balance in any order, repeated, failed and lost", async () => {
  const stories = fc.array(TopUp, { minLength: 1, maxLength: 3 }).chain((topUps) => {
    const histories = topUps.map(historyOf);
    const events = histories.flatMap((history) => history.events as unknown as StripeEvent[]);
    return fc.record({
      left: fc.constant(histories.reduce((sum, history) => sum + history.left, 0) * 10_000_000),
      events: fc.constant(events),
      order: fc.shuffledSubarray(events, { minLength: events.length }),
      fates: fc.array(Fate, { minLength: events.length, maxLength: events.length }),
    });
  });
  await fc.assert(
    fc.asyncProperty(stories, async ({ left, events, order, fates }) => {
      const { state } = new TestAccount(ACCOUNT);
      await state.create("standard");
      const undelivered: StripeEvent[] = [];
      for (const [index, event] of order.entries()) {
        const fate = fates[index] ?? "told";
        if (fate === "never" && !isLast(event, events)) continue;
        const isLate = fate === "never" || fate === "late";
        const isTold = !isLate && (await tell(event, typeof fate === "object" ? failing(state, fate) : state));
        if (!isTold) undelivered.push(event);
        if (fate === "twice") expect(await tell(event, state)).toBe(true);
      }
      for (const event of undelivered) expect(await tell(event, state)).toBe(true);
      expect(await state.balance()).toMatchObject({ available: Math.max(0, left), owed: Math.max(0, -left) });
    }),
    { numRuns: 100 },
  );
});

type Calls = Pick<AccountCalls, "exists" | "transfer">;

/** Whether an event was booked, or ignored. */
async function tell(event: StripeEvent, account: Calls): Promise<boolean> {
  const dependencies = {
    accounts: { at: () => account as AccountCalls },
    stripe,
    timer: () => new AbortController().signal,
    log: () => undefined,
  };
  return bookEvent(event, dependencies, new AbortController().signal).then(
    () => true,
    () => false,
  );
}

/** The account, which fails at its transfer with this number, before or after it is booked. */
function failing(account: Calls, { fails, isBooked }: { readonly fails: number; readonly isBooked: boolean }): Calls {
  let transfers = 0;
  const transfer = async (call: Transfer) => {
    const isFailing = transfers++ === fails;
    if (isFailing && !isBooked) throw new Error("down");
    const booked = await account.transfer(call);
    if (isFailing) throw new Error("down");
    return booked;
  };
  return { exists: () => account.exists(), transfer };
}
