import { HTTPFacilitatorClient } from "@x402/core/http";
import type { PaymentRequired } from "@x402/core/types";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProviderFetch } from "../../../../src/net/provider-fetch.ts";
import { Facilitator } from "../../../../src/payments/x402/facilitator.ts";
import { requirementsOf } from "../../../../src/payments/x402/terms.ts";
import { type Fault, LocalFacilitator, serveFacilitator } from "../../../support/x402/facilitator.ts";
import { SETTINGS } from "../../../support/x402/settings.ts";
import { Wallet } from "../../../support/x402/wallet.ts";

const local = new LocalFacilitator();
const wallet = new Wallet(1);
let served: Awaited<ReturnType<typeof serveFacilitator>>;
let own: Facilitator;
let official: HTTPFacilitatorClient;
/** Time is over as soon as the test says so. */
let timeIsOver = new AbortController();

beforeAll(async () => {
  served = await serveFacilitator(local);
  const base = new URL(served.url);
  own = new Facilitator(base, createProviderFetch(new Set([base.origin])), () => timeIsOver.signal);
  official = new HTTPFacilitatorClient({ url: served.url });
  local.chain.give(wallet.address, 1_000_000n);
});
afterAll(() => {
  served.server.closeAllConnections();
  served.server.close();
});

async function terms(amount: string): Promise<PaymentRequired> {
  const upto = (await own.supported()).find(({ scheme }) => scheme === "upto");
  const scheme = { name: "upto" as const, extra: { assetTransferMethod: "permit2", ...upto?.extra } };
  const accepts = [requirementsOf(SETTINGS, scheme, amount)];
  return { x402Version: 2, resource: { url: "https://namesight.test/v1/mner" }, accepts };
}

test("hears from a facilitator what the official client hears", async () => {
  expect({ kinds: await own.supported() }).toMatchObject({ kinds: (await official.getSupported()).kinds });
  const required = await terms("5000");
  const [asked] = required.accepts;
  if (!asked) throw new Error("there are no terms");
  const payment = await wallet.sign(required);
  const verified = await official.verify(payment, asked);
  expect(verified).toMatchObject({ isValid: true, payer: wallet.address });
  expect(await own.verify(payment, asked)).toMatchObject({ isValid: true, payer: wallet.address });
  expect(await own.settle(payment, { ...asked, amount: "1200" })).toMatchObject({ success: true, amount: "1200" });
  const again = { success: false, errorReason: "permit2_simulation_failed" };
  expect(await official.settle(payment, asked)).toMatchObject(again);
  expect(await own.settle(payment, asked)).toMatchObject(again);
  const forged = { ...payment, payload: { ...payment.payload, signature: `0x${"12".repeat(65)}` } };
  expect(await own.verify(forged, asked)).toMatchObject({ isValid: false, invalidReason: "invalid_permit2_signature" });
});

test.each<Fault>(["cut", "nonsense", "broken", "cut_after", "broken_after"])(
  "takes %s for no answer, after one request",
  async (fault) => {
    const required = await terms("100");
    const payment = await wallet.sign(required);
    local.fail("settle", fault);
    const before = local.asked.length;
    const asked = required.accepts[0];
    if (!asked) throw new Error("there are no terms");
    await expect(own.settle(payment, asked)).rejects.toMatchObject({ name: "FacilitatorUnanswered", timedOut: false });
    expect(local.asked.slice(before)).toEqual(["settle"]);
  },
);

test("ends when its time is over", async () => {
  local.fail("supported", "silent");
  timeIsOver = new AbortController();
  const asking = own.supported();
  timeIsOver.abort();
  await expect(asking).rejects.toMatchObject({ name: "FacilitatorUnanswered", timedOut: true });
  timeIsOver = new AbortController();
});
