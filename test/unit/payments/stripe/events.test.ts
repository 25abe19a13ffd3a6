import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EVENT_TYPES, readMoney, type StripeEvent, UnreadableEvent } from "../../../../src/payments/stripe/events.ts";
import { validValue } from "../../../support/schema-arbitrary.ts";
import { balanceTransaction, checkoutSession, dispute, refund, stripeEvent } from "../../../support/stripe/objects.ts";
import { type ObjectName, SCHEMAS } from "../../../support/stripe/schemas.ts";

const read = (type: string, object: unknown) => readMoney(stripeEvent(type, object) as unknown as StripeEvent);
const OURS = { namesight_account: "newsroom", namesight_amount_usd_cents: "2000" };
const paid = (fields: object = {}) =>
  checkoutSession({ id: "cs_1", amount_total: 2_000, metadata: OURS, payment_status: "paid", ...fields });
const TWENTY = 20_000_000_000;

describe("a Checkout Session", () => {
  test.each([["checkout.session.completed"], ["checkout.session.async_payment_succeeded"]])(
    "that is paid is a top-up under its own id: %s",
    (type) => {
      const transfers = [{ kind: "topup", reference: "cs_1", amount: TWENTY }];
      expect(read(type, paid())).toEqual({ owner: { account: "newsroom" }, transfers });
    },
  );

  test.each([
    ["is not paid yet", { payment_status: "unpaid" }, "not_paid"],
    ["cost nothing", { payment_status: "no_payment_required" }, "not_paid"],
    ["is in euros", { currency: "eur" }, "other_currency"],
    ["is somebody else's", { metadata: { account: "newsroom" } }, "not_a_top_up"],
    ["has no metadata", { metadata: null }, "not_a_top_up"],
  ])("that %s moves nothing", (_, fields, ignored) => {
    expect(read("checkout.session.completed", paid(fields))).toEqual({ ignored });
  });
});

describe("a refund", () => {
  const part = (status: string | null, fields: object = {}) =>
    read("refund.updated", refund({ id: "re_1", amount: 700, payment_intent: "pi_1", status, ...fields }));
  const taken = { kind: "refund", reference: "re_1", amount: 7_000_000_000 };

  test.each([["pending"], ["requires_action"], ["succeeded"], [null]])("takes its part when it is %s", (status) => {
    expect(part(status)).toEqual({ owner: { paymentIntent: "pi_1" }, transfers: [taken] });
  });

  test.each([["failed"], ["canceled"]])("that %s takes and gives back, whatever came before", (status) => {
    const back = { kind: "credit", reference: "re_1 undone", amount: 7_000_000_000 };
    expect(part(status)).toEqual({ owner: { paymentIntent: "pi_1" }, transfers: [taken, back] });
  });

  test("is found by its payment intent, as an id or as the whole object", () => {
    const whole = { id: "pi_1", object: "payment_intent" };
    expect(part("succeeded", { payment_intent: whole })).toMatchObject({ owner: { paymentIntent: "pi_1" } });
    expect(part("succeeded", { payment_intent: null })).toEqual({ ignored: "not_a_top_up" });
    expect(part("succeeded", { currency: "jpy" })).toEqual({ ignored: "other_currency" });
  });
});

describe("a dispute", () => {
  const of = (balance_transactions: object[], fields: object = {}) =>
    read(
      "charge.dispute.closed",
      dispute({ id: "du_1", amount: 2_000, payment_intent: "pi_1", balance_transactions, ...fields }),
    );
  const out = balanceTransaction({ id: "txn_1", amount: -2_000, fee: 1_500 });
  const back = balanceTransaction({ id: "txn_2", amount: 2_000 });

  test("is what its balance transactions took and gave back, without Stripe's fees", () => {
    const fee = balanceTransaction({ id: "txn_3", amount: -1_500, type: "stripe_fee" });
    expect(of([out, fee, back])).toEqual({
      owner: { paymentIntent: "pi_1" },
      transfers: [
        { kind: "dispute", reference: "txn_1", amount: TWENTY },
        { kind: "dispute_won", reference: "txn_2", amount: TWENTY },
      ],
    });
  });

  test("that is only a question moves nothing, and neither does one of another payment or currency", () => {
    expect(of([], { status: "warning_needs_response" })).toEqual({ ignored: "no_money_moved" });
    expect(of([out], { payment_intent: null })).toEqual({ ignored: "not_a_top_up" });
    expect(of([out], { currency: "eur" })).toEqual({ ignored: "other_currency" });
  });

  test("takes its own dollars where Stripe's balance is in another currency", () => {
    const euros = balanceTransaction({ id: "txn_1", amount: -1_830, currency: "eur" });
    expect(of([euros])).toMatchObject({ transfers: [{ kind: "dispute", reference: "txn_1", amount: TWENTY }] });
  });
});

test.each([["charge.refunded"], ["charge.refund.updated"], ["payment_intent.succeeded"], ["constructor"]])(
  "%s is not read: another event has its money",
  (type) => {
    expect(read(type, { id: "x" })).toEqual({ ignored: "type_not_used" });
  },
);

/** Objects of an event's type as Stripe's OpenAPI document allows them, with every field that is always there. */
function objectsOf(type: string): { readonly always: readonly string[]; readonly objects: fc.Arbitrary<unknown> } {
  const names: Readonly<Record<string, ObjectName>> = { checkout: "checkout.session", refund: "refund" };
  const { required, nullable, ...schema } = SCHEMAS[names[type.split(".")[0] ?? ""] ?? "dispute"];
  const always = [...required, ...nullable];
  return { always, objects: validValue({ ...schema, required: always }, { components: { schemas: {} } }, fc.string()) };
}

describe.each(EVENT_TYPES)("by Stripe's OpenAPI document, the object of %s", (type) => {
  const { always, objects } = objectsOf(type);

  test("can always be read", () => {
    fc.assert(
      fc.property(objects, (object) => {
        expect(() => read(type, object)).not.toThrow();
      }),
      { numRuns: 50 },
    );
  });

  test("always has every field that is read, and is an error without them", () => {
    const fields: string[] = [];
    const get = (target: object, name: string) => {
      fields.push(name);
      return Reflect.get(target, name) as unknown;
    };
    const object = new Proxy(fc.sample(objects, 1)[0] as object, { get: (target, name) => get(target, String(name)) });
    readMoney({ id: "evt_1", type, livemode: false, data: { object } });
    expect(fields).not.toEqual([]);
    expect(always).toEqual(expect.arrayContaining(fields));
    expect(() => read(type, { id: "x" })).toThrow(UnreadableEvent);
  });
});
