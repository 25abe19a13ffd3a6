import { describe, expect, inject, test } from "vitest";
import type { ProviderFetch } from "../../../src/net/provider-fetch.ts";
import { METADATA } from "../../../src/payments/stripe/client.ts";
import { type Fault, HostSession } from "../../support/hosted/script.ts";
import { SECRET_KEY, signEvent, WEBHOOK_SECRET } from "../../support/stripe/events.ts";
import { checkoutSession, paymentIntent, refund, stripeEvent } from "../../support/stripe/objects.ts";
import { FaultyAccounts, newAccount } from "../accounts/test-accounts.ts";
import { type Harness, NOON, readProblem, scriptedPost, startApp } from "../harness.ts";

const NOW = NOON / 1000;
const VARIABLES = { ACCESS: "keys", STRIPE_SECRET_KEY: SECRET_KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET };
const TWENTY = 20_000_000_000;

/** A payment intent of Stripe's for each account: `pi_NAME` paid a top-up of NAME. */
const fetchIntents: ProviderFetch = async ({ pathname }) => {
  const id = pathname.split("/").at(-1) ?? "";
  return Response.json(paymentIntent({ id, amount: 2_000, metadata: { [METADATA.account]: id.slice("pi_".length) } }));
};

/** The app, and an account of this test alone. */
async function start({ variables = {}, fetch = fetchIntents }: { variables?: object; fetch?: ProviderFetch } = {}) {
  const accounts = new FaultyAccounts();
  const { name, calls } = await newAccount();
  const app = startApp(scriptedPost(), { fetch }, { ...VARIABLES, ACCOUNTS: accounts, ...variables });
  const balance = async () => {
    const { available, owed } = await calls.balance();
    return available - owed;
  };
  const tell = (event: unknown, signing?: Parameters<typeof signEvent>[2]) => deliver(app, event, signing);
  const paid = (fields: object = {}) =>
    checkoutSession({
      id: `cs_${name}`,
      amount_total: 2_000,
      metadata: { [METADATA.account]: name },
      payment_status: "paid",
      ...fields,
    });
  return { accounts, name, calls, app, balance, tell, paid };
}

async function deliver(app: Harness, event: unknown, signing?: Parameters<typeof signEvent>[2]): Promise<Response> {
  return app.fetch("/hooks/stripe", { method: "POST", ...(await signEvent(event, NOW, signing)) });
}

const ignored = ({ lines }: Harness) => lines.filter(({ event }) => event === "stripe_event_ignored");
const completed = (session: object, fields: object = {}) =>
  stripeEvent("checkout.session.completed", session, { ...fields });

test("a paid Checkout Session is credited once, however often it is told", async () => {
  const { app, tell, paid, balance } = await start();
  const later = stripeEvent("checkout.session.async_payment_succeeded", paid(), { id: "evt_2" });
  for (const event of [completed(paid()), completed(paid()), later]) expect((await tell(event)).status).toBe(204);
  expect(await balance()).toBe(TWENTY);
  expect(ignored(app)).toEqual([]);
});

test("a refund that comes before the top-up is owed, and paid by it", async () => {
  const { name, calls, tell, paid, balance } = await start();
  const part = refund({ id: "re_1", amount: 700, payment_intent: `pi_${name}` });
  expect((await tell(stripeEvent("refund.created", part))).status).toBe(204);
  expect(await calls.balance()).toMatchObject({ available: 0, owed: 7_000_000_000 });
  await tell(completed(paid()));
  expect(await calls.balance()).toMatchObject({ available: 13_000_000_000, owed: 0 });
  await tell(stripeEvent("refund.failed", { ...part, status: "failed" }));
  expect(await balance()).toBe(TWENTY);
});

test.each<[string, (paid: (fields: object) => object) => unknown, string]>([
  ["of live mode, with a test key", (paid) => completed(paid({ livemode: true }), { livemode: true }), "other_mode"],
  ["of another currency", (paid) => completed(paid({ currency: "eur" })), "other_currency"],
  [
    "of an unknown account",
    (paid) => completed(paid({ metadata: { [METADATA.account]: "nobody" } })),
    "unknown_account",
  ],
  [
    "of a name that no account can have",
    (paid) => completed(paid({ metadata: { [METADATA.account]: "x402-0x1" } })),
    "unknown_account",
  ],
  ["of another type", () => stripeEvent("charge.refunded", { id: "ch_1" }), "type_not_used"],
])("an event %s is accepted, logged and ignored", async (_, make, reason) => {
  const { app, tell, paid, balance } = await start();
  const event = make(paid) as { type: string };
  expect((await tell(event)).status).toBe(204);
  expect(ignored(app)).toEqual([{ event: "stripe_event_ignored", id: "evt_1", type: event.type, reason }]);
  expect(await balance()).toBe(0);
});

describe("answers an error, so that Stripe sends the event again", () => {
  test("when the account is down, before or after it booked", async () => {
    const { accounts, tell, paid, balance } = await start();
    for (const moment of ["before", "after"] as const) {
      accounts.fail(moment);
      expect((await readProblem(await tell(completed(paid())))).code).toBe("account_unavailable");
    }
    expect((await tell(completed(paid()))).status).toBe(204);
    expect(await balance()).toBe(TWENTY);
  });

  test.each<[string, Fault]>([
    ["is down", { kind: "status", status: 500, body: '{"error":{"type":"api_error"}}' }],
    ["closes the connection", { kind: "reset" }],
    ["cuts its answer", { kind: "cut" }],
  ])("when Stripe %s as it is asked whose payment it was", async (_, fault) => {
    const session = await HostSession.open(inject("hosted"), { faults: { "stripe.payment_intent": [fault] } });
    const ask: ProviderFetch = (url, init) => fetch(`${session.at("stripe")}${url.pathname}`, init);
    const { app, tell } = await start({ fetch: ask });
    const event = stripeEvent("refund.created", refund({ id: "re_1", amount: 700, payment_intent: "pi_other" }));
    expect((await readProblem(await tell(event))).code).toBe("payment_provider_failed");
    expect(app.lines).toContainEqual(expect.objectContaining({ event: "stripe_failed" }));
    expect((await tell(event)).status).toBe(204);
    expect(ignored(app)).toMatchObject([{ reason: "not_a_top_up" }]);
    expect(await session.calls()).toHaveLength(2);
  });

  test.each([["{}"], ["[]"], ['"x"']])("when the event is %s", async (body) => {
    const { tell } = await start();
    expect((await readProblem(await tell(null, { body }))).code).toBe("invalid_request");
  });

  test("when an event that moves money has another form", async () => {
    const { tell } = await start();
    expect((await tell(stripeEvent("refund.created", { id: "re_1", object: "refund" }))).status).toBe(422);
  });
});

test("an event with another signature changes nothing, and none is taken where Stripe is off", async () => {
  const { tell, paid, balance, app } = await start();
  expect((await readProblem(await tell(completed(paid()), { secret: "whsec_other" }))).code).toBe("signature_invalid");
  expect((await app.fetch("/hooks/stripe", { method: "POST", body: "{}" })).status).toBe(403);
  expect((await tell(null, { body: " ".repeat(1024 * 1024 + 1) })).status).toBe(413);
  expect(await balance()).toBe(0);
  for (const variables of [{ STRIPE_SECRET_KEY: "" }, { ACCESS: "open" }]) {
    const off = await start({ variables });
    expect((await off.tell(completed(off.paid()))).status).toBe(404);
  }
  const half = await start({ variables: { STRIPE_WEBHOOK_SECRET: "" } });
  expect((await readProblem(await half.tell(completed(half.paid())))).detail).toContain("STRIPE_WEBHOOK_SECRET");
});
