import { decodePaymentResponseHeader } from "@x402/core/http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { LocalFacilitator, serveFacilitator } from "../../support/x402/facilitator.ts";
import { PAY_TO, VARIABLES } from "../../support/x402/settings.ts";
import { termsOf, Wallet } from "../../support/x402/wallet.ts";
import { type Edge, startEdge, startModels, succeed } from "../miniflare.ts";

/** Payments by the official client, over sockets, to the Worker as it is deployed. */
const PAYER_MONEY = 1_000_000n;
const BODY = { text: "Felix sleeps", entities: ["Felix", "Houston"].map((text) => ({ text, type: "PER" })) };
/** What one answer with one expression costs, and the most that the request may cost, in the token's units. */
const [PRICE, MOST] = ["400", "500"];

let facilitator: LocalFacilitator;
let served: Awaited<ReturnType<typeof serveFacilitator>>;
let models: Awaited<ReturnType<typeof startModels>>;
let edge: Edge;
let wallet: Wallet;
let [runs, wallets] = [0, 0];

const start = () => {
  const secrets = { KEY_CHECK_SECRET: "secret", OPERATOR_TOKEN: "token" };
  const variables = { ...VARIABLES, ...secrets, ACCESS: "keys", X402_FACILITATOR: served.url };
  return startEdge({ endpoint: models.endpoint, variables });
};

beforeAll(async () => {
  facilitator = new LocalFacilitator();
  served = await serveFacilitator(facilitator);
  models = await startModels((_stage, _request, response, { entities }) => {
    const [first, second] = entities as { id: string }[];
    const expressions = [
      { id: first?.id, text: `a cat, in run ${++runs}`, method: "llm" },
      { id: second?.id, text: "", method: "llm" },
    ];
    succeed(response, { expressions });
  });
  edge = await start();
});
afterAll(async () => {
  await edge.stop();
  models.server.close();
  served.server.closeAllConnections();
  served.server.close();
});
beforeEach(() => {
  facilitator.recover();
  runs = 0;
  wallet = new Wallet(100 + ++wallets);
  facilitator.chain.give(wallet.address, PAYER_MONEY);
});

/** Sends a post that no cache knows, unless `body` is given. */
async function expand(payment?: string, body: object = BODY, headers: Record<string, string> = {}, from = edge) {
  const signature: Record<string, string> = payment === undefined ? {} : { "payment-signature": payment };
  const response = await fetch(new URL("/v1/expand", from.url), {
    method: "POST",
    headers: { "content-type": "application/json", ...signature, ...headers },
    body: JSON.stringify({ store: true, ...body }),
  });
  const text = await response.text();
  const receipt = response.headers.get("payment-response");
  return {
    response,
    text,
    json: JSON.parse(text),
    receipt: receipt === null ? null : decodePaymentResponseHeader(receipt),
  };
}

const code = async (sent: ReturnType<typeof expand>) => (await sent).json.code;
const transfersOf = ({ address }: Wallet) => facilitator.chain.transfers.filter(({ payer }) => payer === address);

test("tells the terms, takes what was delivered, and sends the answer again for the same payment", async () => {
  const unpaid = await expand();
  expect(unpaid.response.status).toBe(402);
  expect(unpaid.json).toMatchObject({ code: "payment_required", payment: { most_usd: "0.0005", balance_usd: null } });
  const terms = termsOf(unpaid.response);
  expect(terms.accepts).toMatchObject([{ scheme: "upto", amount: MOST, payTo: PAY_TO }]);
  const payment = await wallet.pay(terms, "pay_0123456789abcdef");
  const body = { ...BODY, text: "Felix was paid for" };
  const paid = await expand(payment, body);
  expect(paid.response.status).toBe(200);
  expect(paid.json.charge).toEqual({
    amount_usd: "0.0004",
    units: { calls: 1, entities: 1, masks: 0 },
    balance_usd: null,
  });
  expect(paid.receipt).toMatchObject({ success: true, amount: PRICE, payer: wallet.address.toLowerCase() });
  const again = await expand(payment, body);
  expect(again.text).toBe(paid.text);
  expect(again.receipt).toEqual(paid.receipt);
  expect(again.response.headers.get("idempotent-replayed")).toBe("true");
  const other = await expand(payment, { ...body, text: "Felix wakes" });
  expect([other.response.status, other.json.code]).toEqual([409, "payment_reused"]);
  const resigned = await wallet.pay(terms, "pay_0123456789abcdef");
  expect(await code(expand(resigned, body))).toBe("payment_reused");
  expect(transfersOf(wallet)).toMatchObject([{ amount: BigInt(PRICE), payTo: PAY_TO }]);
  expect(runs).toBe(1);
  const authorization = "Bearer token";
  const revenue = await fetch(new URL("/operator/revenue", edge.url), { headers: { authorization } });
  expect(await revenue.json()).toMatchObject({
    accounts: [`x402-${wallet.address.toLowerCase()}`],
    revenue: [{ operation: "expand", requests: 1, revenue_usd: "0.0004" }],
  });
});

test("keeps the answer of a settlement in doubt, and delivers it when it is settled", async () => {
  const payment = await wallet.pay(termsOf((await expand()).response));
  const body = { ...BODY, text: "Felix is in doubt" };
  facilitator.fail("settle", "cut_after", "cut");
  const doubtful = await expand(payment, body);
  expect([doubtful.response.status, doubtful.json.code]).toEqual([503, "payment_in_doubt"]);
  expect(Number(doubtful.response.headers.get("retry-after"))).toBeGreaterThan(0);
  facilitator.fail("settle", "broken", "broken");
  expect(await code(expand(payment, body))).toBe("payment_in_doubt");
  const settled = await expand(payment, body);
  expect(settled.response.status).toBe(200);
  expect(settled.receipt).toMatchObject({ success: true, amount: PRICE });
  expect((await expand(payment, body)).text).toBe(settled.text);
  expect(transfersOf(wallet)).toHaveLength(1);
  expect(runs).toBe(1);
});

test("delivers nothing when the facilitator refuses, and takes nothing when no model answers", async () => {
  const payment = await wallet.pay(termsOf((await expand()).response));
  facilitator.fail("verify", "refuse");
  expect(await code(expand(payment))).toBe("payment_invalid");
  facilitator.fail("verify", "cut");
  const unavailable = await expand(payment);
  expect([unavailable.response.status, unavailable.json.code]).toEqual([503, "facilitator_unavailable"]);
  expect(runs).toBe(0);
  facilitator.fail("settle", "refuse");
  const refused = await expand(payment, { ...BODY, text: "Felix is refused" });
  expect([refused.response.status, refused.json.code]).toEqual([402, "payment_invalid"]);
  expect(refused.receipt).toMatchObject({ success: false, errorReason: "not_today" });
  expect(refused.text).not.toContain("a cat");
  expect(transfersOf(wallet)).toHaveLength(0);
});

test("refuses a payment that is not one, and what a payment cannot pay", async () => {
  const terms = termsOf((await expand()).response);
  const payment = await wallet.pay(terms);
  expect(await code(expand("bm9uZQ=="))).toBe("payment_invalid");
  expect(await code(expand(payment, BODY, { "idempotency-key": "one" }))).toBe("field_not_supported");
  const more = { ...BODY, entities: [...BODY.entities, { text: "Oslo", type: "LOC" }] };
  expect((await expand(payment, more)).json.detail).toContain("authorises 500 units of the asset; 600 are asked");
  const poor = await new Wallet(999).pay(terms);
  expect((await expand(poor)).json.detail).toContain("permit2_insufficient_balance");
  const stream = await fetch(new URL("/v1/recognize", edge.url), {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream", "payment-signature": payment },
    body: JSON.stringify({ text: "Felix" }),
  });
  expect(stream.status).toBe(406);
  expect(runs).toBe(0);
});

test("takes all of a payment where the facilitator has only exact", async () => {
  facilitator.schemes = ["exact"];
  const exact = await start();
  try {
    const terms = termsOf((await expand(undefined, BODY, {}, exact)).response);
    expect(terms.accepts).toMatchObject([{ scheme: "exact", amount: MOST, extra: { name: "USDC", version: "2" } }]);
    const paid = await expand(await wallet.pay(terms), BODY, {}, exact);
    expect(paid.json.charge).toMatchObject({ amount_usd: "0.0005", units: { entities: 1 } });
    expect(paid.receipt).toMatchObject({ success: true, amount: MOST });
    expect(transfersOf(wallet)).toMatchObject([{ amount: BigInt(MOST) }]);
  } finally {
    facilitator.schemes = ["exact", "upto"];
    await exact.stop();
  }
});

test("a paid post that prefers a job is answered at once, as its payment is settled with its answer", async () => {
  const payment = await wallet.pay(termsOf((await expand()).response));
  const body = { ...BODY, text: "Felix is in no hurry" };
  const paid = await expand(payment, body, { prefer: "respond-async" });
  expect([paid.response.status, paid.receipt?.success]).toEqual([200, true]);
  const hooked = await expand(undefined, { ...body, webhook: { url: "https://receiver.example.com/" } });
  expect([hooked.response.status, hooked.json.errors[0].pointer]).toEqual([422, "/webhook"]);
});
