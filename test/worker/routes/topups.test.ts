import { describe, expect, inject, test } from "vitest";
import { type Scope, TopUpAnswer } from "../../../schemas/accounts.ts";
import type { World } from "../../../src/bindings.ts";
import { type Fault, type HostScript, HostSession } from "../../support/hosted/script.ts";
import { SECRET_KEY, signEvent, WEBHOOK_SECRET } from "../../support/stripe/events.ts";
import { checkoutSession, refund, stripeEvent } from "../../support/stripe/objects.ts";
import { newAccount } from "../accounts/test-accounts.ts";
import { NOON, readProblem, scriptedPost, startApp } from "../harness.ts";
import { sleepForEver } from "../providers/start.ts";

const PUBLIC_URL = "https://api.namesight.test/v";
const VARIABLES = { ACCESS: "keys", PUBLIC_URL, STRIPE_SECRET_KEY: SECRET_KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET };
let requests = 0;

interface Options {
  readonly script?: HostScript;
  readonly variables?: object;
  readonly world?: World;
  readonly scopes?: readonly Scope[];
}

/** The app with an account, and Stripe as a session of the local server plays it. */
async function start({ script = {}, variables = {}, world = {}, scopes = ["admin"] }: Options = {}) {
  const session = await HostSession.open(inject("hosted"), script);
  const { key, calls } = await newAccount(scopes);
  const request = ++requests;
  const app = startApp(
    scriptedPost(),
    {
      fetch: ({ pathname, search }, init) => fetch(`${session.at("stripe")}${pathname}${search}`, init),
      randomBytes: (length) => new Uint8Array(length).fill(request),
      ...world,
    },
    { ...VARIABLES, ...variables },
  );
  const topUp = (amount_usd: unknown, headers: Record<string, string> = { authorization: `Bearer ${key}` }) =>
    app.post({ amount_usd }, headers, "/v1/topups");
  return { session, calls, app, topUp };
}

test("a top-up gets a page of Stripe's, and what is paid there is the account's", async () => {
  const { session, calls, app, topUp } = await start();
  const response = await topUp("20.50");
  expect(response.status).toBe(201);
  expect(TopUpAnswer.parse(await response.json())).toEqual({
    url: "https://checkout.stripe.com/c/pay/cs_test_1",
    amount_usd: "20.5",
    expires_at: "2026-11-24T12:00:00.000Z",
  });
  const [{ headers, base64 } = { headers: {}, base64: "" }, ...more] = await session.calls();
  expect(more).toEqual([]);
  expect(headers).toMatchObject({ "idempotency-key": `topup-${response.headers.get("x-request-id")}` });
  const form = new URLSearchParams(atob(base64 ?? ""));
  expect([form.get("success_url"), form.get("cancel_url")]).toEqual([
    `${PUBLIC_URL}/?topup=paid`,
    `${PUBLIC_URL}/?topup=canceled`,
  ]);

  const metadata = { namesight_account: form.get("metadata[namesight_account]") };
  const paid = checkoutSession({ id: "cs_test_1", amount_total: 2_050, metadata, payment_status: "paid" });
  const part = refund({ id: "re_1", amount: 50, payment_intent: "pi_1" });
  for (const event of [stripeEvent("checkout.session.completed", paid), stripeEvent("refund.created", part)]) {
    const told = await app.fetch("/hooks/stripe", { method: "POST", ...(await signEvent(event, NOON / 1000)) });
    expect(told.status).toBe(204);
  }
  expect(await calls.balance()).toMatchObject({ available: 20_000_000_000 });
});

test("without PUBLIC_URL the payer returns to the address that was called", async () => {
  const { session, topUp } = await start({ variables: { PUBLIC_URL: "" } });
  expect((await topUp("5")).status).toBe(201);
  const [call] = await session.calls();
  expect(new URLSearchParams(atob(call?.base64 ?? "")).get("success_url")).toBe("https://namesight.test/?topup=paid");
});

describe("refuses", () => {
  test.each([
    ["4.99", "must be at least 5", 5],
    ["0", "must be at least 5", 5],
    ["10000.01", "must be at most 10000", 10_000],
    ["20.005", "must be in whole cents", "0.01"],
  ])("USD %s, with the field, the limit and the value, and asks Stripe nothing", async (amount, detail, limit) => {
    const { session, topUp } = await start();
    const { code, errors } = await readProblem(await topUp(amount));
    expect(code).toBe("invalid_request");
    expect(errors).toEqual([{ pointer: "/amount_usd", detail, limit, value: amount }]);
    expect(await session.calls()).toEqual([]);
  });

  test("an amount above what the account may have", async () => {
    const { calls, topUp } = await start();
    await calls.transfer({ kind: "credit", reference: "1", amount: 899_990_000_000_000 });
    expect((await topUp("10")).status).toBe(201);
    const { errors } = await readProblem(await topUp("10.01"));
    expect(errors).toMatchObject([{ pointer: "/amount_usd", limit: 900_000, value: "10.01" }]);
  });

  test.each([[20], ["-5"], ["1e3"], [null]])("the amount %j", async (amount) => {
    const { topUp } = await start();
    expect((await readProblem(await topUp(amount))).errors).toMatchObject([{ pointer: "/amount_usd" }]);
  });

  test("a request without a key, one with a key of another scope, and one where Stripe is off", async () => {
    const { topUp } = await start();
    expect((await readProblem(await topUp("20", {}))).code).toBe("key_missing");
    const other = await start({ scopes: ["recognize", "stages"] });
    expect((await readProblem(await other.topUp("20"))).code).toBe("scope_missing");
    const off = await start({ variables: { STRIPE_SECRET_KEY: "" } });
    expect((await readProblem(await off.topUp("20"))).code).toBe("topups_not_available");
    const open = await start({ variables: { ACCESS: "open" } });
    expect((await open.topUp("20")).status).toBe(404);
  });
});

describe("when Stripe fails", () => {
  const answer = (status: number, type: string): Fault => ({
    kind: "status",
    status,
    body: JSON.stringify({ error: { type } }),
  });

  test.each<[string, Fault]>([
    ["is down", answer(500, "api_error")],
    ["has too many requests", answer(429, "invalid_request_error")],
    ["closes the connection", { kind: "reset" }],
    ["cuts its answer", { kind: "cut" }],
  ])("because it %s, it is asked again with the same key, and there is one session", async (_, fault) => {
    const { session, topUp } = await start({ script: { faults: { "stripe.checkout": [fault] } } });
    const response = await topUp("20");
    expect(await response.json()).toMatchObject({ url: "https://checkout.stripe.com/c/pay/cs_test_1" });
    const keys = (await session.calls()).map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  test("each time, it is asked three times, and the request ends with a problem that tells nothing of it", async () => {
    const { session, topUp, app } = await start({
      script: { faults: { "stripe.checkout": Array(9).fill(answer(500, "api_error")) } },
    });
    const problem = await readProblem(await topUp("20"));
    expect([problem.code, problem.status]).toEqual(["payment_provider_failed", 502]);
    expect(await session.calls()).toHaveLength(3);
    expect(app.lines).toContainEqual({ event: "stripe_failed", status: 500, code: null, stripe_request_id: null });
    expect(JSON.stringify(app.lines)).not.toContain(SECRET_KEY);
  });

  test("because it refuses the key, it is asked once", async () => {
    const { session, topUp } = await start({
      variables: { STRIPE_SECRET_KEY: "rk_live_1" },
      script: { faults: { "stripe.checkout": [answer(401, "invalid_request_error")] } },
    });
    expect((await readProblem(await topUp("20"))).code).toBe("payment_provider_failed");
    expect(await session.calls()).toHaveLength(1);
  });

  test.each<Fault["kind"]>(["silent", "stalled"])(
    "because its answer is %s, the request ends in time",
    async (kind) => {
      const late = new AbortController();
      const world = {
        timer: (milliseconds: number) => (milliseconds === 10_000 ? late.signal : new AbortController().signal),
        sleep: sleepForEver,
      };
      const { session, topUp } = await start({ script: { faults: { "stripe.checkout": [{ kind } as Fault] } }, world });
      const ended = topUp("20");
      await session.until(({ length }) => length === 1);
      late.abort(new DOMException("late", "TimeoutError"));
      expect((await readProblem(await ended)).code).toBe("payment_provider_failed");
    },
  );
});
