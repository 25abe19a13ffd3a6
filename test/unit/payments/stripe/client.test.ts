import { describe, expect, test } from "vitest";
import { createProviderFetch, type ProviderFetch } from "../../../../src/net/provider-fetch.ts";
import {
  accountOf,
  createCheckout,
  type NewCheckout,
  STRIPE_URL,
  StripeFailure,
  type StripeSettings,
} from "../../../../src/payments/stripe/client.ts";
import { hostForTests } from "../../../support/hosted/for-tests.ts";
import type { Fault, HostSession } from "../../../support/hosted/script.ts";
import { SECRET_KEY, WEBHOOK_SECRET } from "../../../support/stripe/events.ts";
import { faultsOf } from "../../../support/stripe/objects.ts";
import { SCHEMAS } from "../../../support/stripe/schemas.ts";

const open = hostForTests();
const never = new AbortController().signal;
const TOP_UP: NewCheckout = {
  account: "newsroom",
  cents: 2_000,
  idempotencyKey: "topup-req_1",
  paidUrl: new URL("https://api.namesight.test/?topup=paid"),
  canceledUrl: new URL("https://api.namesight.test/?topup=canceled"),
};

/** Stripe as the session plays it: requests to its address go to the session over real sockets. */
function settings(session: HostSession, secretKey = SECRET_KEY): StripeSettings {
  const send: ProviderFetch = (url, init) => fetch(`${session.at("stripe")}${url.pathname}${url.search}`, init);
  const toStripe = createProviderFetch(new Set([STRIPE_URL.origin]), send);
  return { secretKey, webhookSecret: WEBHOOK_SECRET, isLive: false, fetch: toStripe };
}

const failureOf = (work: Promise<unknown>): Promise<StripeFailure> =>
  work.then(
    () => Promise.reject(new Error("no failure")),
    (error: StripeFailure) => error,
  );

describe("createCheckout", () => {
  test("asks Stripe once for a page on which the account's amount is paid", async () => {
    const session = await open();
    const checkout = await createCheckout(TOP_UP, settings(session), never);
    expect(checkout).toEqual({ url: "https://checkout.stripe.com/c/pay/cs_test_1", expiresAt: 1_795_521_600 });
    const [call, ...more] = await session.calls();
    expect(more).toEqual([]);
    expect(call).toMatchObject({ operation: "stripe.checkout", method: "POST", search: "" });
    expect(call?.headers).toMatchObject({ authorization: `Bearer ${SECRET_KEY}`, "idempotency-key": "topup-req_1" });
    expect(call?.headers["x-stripe-client-telemetry"]).toBeUndefined();
    const form = new URLSearchParams(Buffer.from(call?.base64 ?? "", "base64").toString());
    expect(Object.fromEntries(form)).toEqual({
      mode: "payment",
      client_reference_id: "newsroom",
      "line_items[0][quantity]": "1",
      "line_items[0][price_data][currency]": "usd",
      "line_items[0][price_data][unit_amount]": "2000",
      "line_items[0][price_data][product_data][name]": "Namesight balance",
      "metadata[namesight_account]": "newsroom",
      "metadata[namesight_amount_usd_cents]": "2000",
      "payment_intent_data[metadata][namesight_account]": "newsroom",
      "payment_intent_data[metadata][namesight_amount_usd_cents]": "2000",
      "adaptive_pricing[enabled]": "false",
      success_url: "https://api.namesight.test/?topup=paid",
      cancel_url: "https://api.namesight.test/?topup=canceled",
    });
  });

  test("gets the same page again for the same key, and a refusal for another amount", async () => {
    const session = await open();
    const first = await createCheckout(TOP_UP, settings(session), never);
    expect(await createCheckout(TOP_UP, settings(session), never)).toEqual(first);
    const failure = await failureOf(createCheckout({ ...TOP_UP, cents: 2_001 }, settings(session), never));
    expect(failure).toMatchObject({ status: 400, retryable: false });
  });

  test.each<[string, Fault, Partial<StripeFailure>]>([
    [
      "its key is refused",
      { kind: "status", status: 401, body: '{"error":{"type":"invalid_request_error"}}' },
      { status: 401, retryable: false },
    ],
    [
      "it sends too many requests",
      { kind: "status", status: 429, body: '{"error":{"code":"rate_limit","type":"invalid_request_error"}}' },
      { status: 429, code: "rate_limit", retryable: true },
    ],
    [
      "Stripe is down",
      { kind: "status", status: 500, body: '{"error":{"type":"api_error"}}' },
      { status: 500, retryable: true },
    ],
    [
      "Stripe says not to repeat it",
      {
        kind: "status",
        status: 500,
        headers: { "stripe-should-retry": "false" },
        body: '{"error":{"type":"api_error"}}',
      },
      { status: 500, retryable: false },
    ],
    [
      "Stripe says to repeat it",
      {
        kind: "status",
        status: 400,
        headers: { "stripe-should-retry": "true" },
        body: '{"error":{"type":"invalid_request_error"}}',
      },
      { status: 400, retryable: true },
    ],
    ["a proxy answers with a page", { kind: "status", status: 502, body: "<html>" }, { status: null, retryable: true }],
    [
      "Stripe answers without a page",
      { kind: "status", status: 200, body: '{"url":null,"expires_at":1}' },
      { status: null, retryable: false },
    ],
    [
      "Stripe sends elsewhere",
      { kind: "status", status: 302, headers: { location: "/v1/x" }, body: "" },
      { status: null, retryable: true },
    ],
    ["the connection is closed", { kind: "reset" }, { status: null, retryable: true }],
    ["the answer is cut", { kind: "cut" }, { status: null, retryable: true }],
  ])("makes one request when %s", async (_, fault, expected) => {
    const session = await open({ faults: { "stripe.checkout": [fault] } });
    const failure = await failureOf(createCheckout(TOP_UP, settings(session), never));
    expect(failure).toBeInstanceOf(StripeFailure);
    expect(failure).toMatchObject(expected);
    expect(await session.calls()).toHaveLength(1);
  });

  test.each<Fault["kind"]>(["silent", "stalled"])("ends at the signal when the answer is %s", async (kind) => {
    const session = await open({ faults: { "stripe.checkout": [{ kind } as Fault] } });
    const late = new AbortController();
    const failing = failureOf(createCheckout(TOP_UP, settings(session), late.signal));
    await session.until(({ length }) => length === 1);
    late.abort();
    expect(await failing).toMatchObject({ status: null });
    await session.until(([call]) => call?.abandoned === true);
    expect(await session.calls()).toHaveLength(1);
  });

  test("repeats nothing of itself, whatever the error is called", async () => {
    let requests = 0;
    const fetch: ProviderFetch = () => {
      requests++;
      return Promise.reject(Object.assign(new Error("closed"), { code: "ECONNRESET" }));
    };
    const closed = { secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET, isLive: false, fetch };
    expect(await failureOf(createCheckout(TOP_UP, closed, never))).toMatchObject({ status: null, retryable: true });
    expect(requests).toBe(1);
  });

  test("tells nothing of the payer or the key in a failure", async () => {
    const body = JSON.stringify({ error: { type: "card_error", message: `No such customer: a@b.test ${SECRET_KEY}` } });
    const session = await open({ faults: { "stripe.checkout": [{ kind: "status", status: 402, body }] } });
    const failure = await failureOf(createCheckout(TOP_UP, settings(session), never));
    expect(JSON.stringify({ ...failure, message: failure.message })).not.toMatch(/@|sk_/);
  });
});

describe("accountOf", () => {
  test("finds the account of a top-up with one request", async () => {
    const session = await open();
    await createCheckout(TOP_UP, settings(session), never);
    expect(await accountOf("pi_1", settings(session), never)).toBe("newsroom");
    expect((await session.calls()).map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /stripe/v1/checkout/sessions",
      "GET /stripe/v1/payment_intents/pi_1",
    ]);
  });

  test("finds none of a payment for something else, and of one that Stripe does not know", async () => {
    const session = await open();
    expect(await accountOf("pi_other", settings(session), never)).toBeNull();
    expect(await accountOf("pi_unknown", settings(session), never)).toBeNull();
  });

  test("fails when Stripe does", async () => {
    const session = await open({ faults: { "stripe.payment_intent": [{ kind: "status", status: 503 }] } });
    expect(await failureOf(accountOf("pi_1", settings(session), never))).toMatchObject({ status: 503 });
  });
});

test("the local server answers as Stripe's OpenAPI document says, and refuses what it does not have", async () => {
  const session = await open();
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${session.at("stripe")}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${SECRET_KEY}`,
        "stripe-version": "2026-10-28.endive",
        "content-type": "application/x-www-form-urlencoded",
        ...init.headers,
      },
    });
  const form =
    "mode=payment&success_url=https://a.test&line_items[0][quantity]=1&line_items[0][price_data][currency]=usd";
  const item = "&line_items[0][price_data][product_data][name]=x&line_items[0][price_data][unit_amount]=";
  const create = (body: string, headers = {}) => ask("/v1/checkout/sessions", { method: "POST", body, headers });
  expect(faultsOf(SCHEMAS["checkout.session"], await (await create(`${form}${item}500`)).json())).toBe("");
  expect(faultsOf(SCHEMAS.payment_intent, await (await ask("/v1/payment_intents/pi_1")).json())).toBe("");
  const refused = [
    create(form),
    create(`${form}${item}49`),
    create(`${form}${item}500&amount=1`),
    create(`${form}${item}500&metadata[x]=${"y".repeat(501)}`),
    create(`${form}${item}500`, { authorization: "Bearer key" }),
    ask("/v1/charges/ch_1"),
  ];
  expect((await Promise.all(refused)).map(({ status }) => status)).toEqual([400, 400, 400, 400, 401, 404]);
});
