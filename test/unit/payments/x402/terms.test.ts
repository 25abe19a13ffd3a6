import { decodePaymentRequiredHeader } from "@x402/core/http";
import { PaymentRequiredV2Schema } from "@x402/core/schemas";
import type { PaymentPayload } from "@x402/core/types";
import fc from "fast-check";
import { expect, test } from "vitest";
import { authorisedUnits, settledUnits } from "../../../../src/payments/x402/amount.ts";
import type { Payment } from "../../../../src/payments/x402/read-payment.ts";
import type { Scheme } from "../../../../src/payments/x402/schemes.ts";
import { paymentProblem, requirementsOf, termsBroken } from "../../../../src/payments/x402/terms.ts";
import { SETTINGS } from "../../../support/x402/settings.ts";

const UPTO: Scheme = { name: "upto", extra: { facilitatorAddress: "0xfa" } };
const EXACT: Scheme = { name: "exact", extra: {} };
const asked = { operation: "mner", most: 500_000, url: "https://namesight.test/v1/mner" } as const;

test("tells the terms in a header that the official schema reads, and in the problem", async () => {
  const problem = await paymentProblem(asked, SETTINGS, UPTO, null);
  const header = decodePaymentRequiredHeader(problem.headers["PAYMENT-REQUIRED"] ?? "");
  expect(PaymentRequiredV2Schema.parse(header)).toMatchObject({
    x402Version: 2,
    resource: { url: asked.url },
    accepts: [
      {
        scheme: "upto",
        network: SETTINGS.network,
        amount: "500",
        asset: SETTINGS.asset.address,
        payTo: SETTINGS.payTo,
        extra: { name: "USDC", version: "2", facilitatorAddress: "0xfa" },
      },
    ],
    extensions: { "payment-identifier": { info: { required: false } } },
  });
  expect(problem.code).toBe("payment_required");
  expect(problem.fields.payment).toMatchObject({
    most_usd: "0.0005",
    balance_usd: null,
    price: { call_usd: "0.0005" },
  });
  const refused = await paymentProblem(asked, SETTINGS, UPTO, "It is for another network.", {
    "PAYMENT-RESPONSE": "x",
  });
  expect(refused).toMatchObject({ code: "payment_invalid", message: "It is for another network." });
  expect(refused.headers["PAYMENT-RESPONSE"]).toBe("x");
});

const UNTIL = 1_000_000;
function payment(scheme: Scheme, units: string, changes: object = {}): Payment {
  const accepted = { ...requirementsOf(SETTINGS, scheme, units), ...changes };
  const payload = { x402Version: 2, accepted, payload: {} } as PaymentPayload;
  const signed = { authorised: BigInt(units), expires: BigInt(UNTIL / 1000) };
  return { payload, payer: "0xbb", nonce: "permit2:1", identifier: null, ...signed };
}

test.each<[Scheme, string, object, RegExp | null]>([
  [UPTO, "500", {}, null],
  [UPTO, "501", {}, null],
  [UPTO, "499", {}, /authorises 499 units of the asset; 500 are asked/],
  [EXACT, "500", {}, null],
  [EXACT, "501", {}, /exact takes all of a payment/],
  [UPTO, "500", { asset: SETTINGS.asset.address.toLowerCase() }, null],
  [UPTO, "500", { asset: SETTINGS.payTo }, /asset is not/],
  [UPTO, "500", { payTo: SETTINGS.asset.address }, /payTo is not/],
  [UPTO, "500", { network: "eip155:1" }, /network is not/],
  [UPTO, "500", { scheme: "exact" }, /scheme is not upto/],
  [UPTO, "500", { amount: "600" }, /another amount than its authorization/],
])("holds %o with %s units and %o to the terms", (scheme, units, changes, broken) => {
  const found = termsBroken(payment(scheme, units, changes), SETTINGS, scheme, asked.most, UNTIL);
  if (broken) expect(found).toMatch(broken);
  else expect(found).toBeNull();
});

test("refuses a payment that expires before the request can be settled", () => {
  const found = termsBroken(payment(UPTO, "500"), SETTINGS, UPTO, asked.most, UNTIL + 1);
  expect(found).toMatch(/expires before/);
});

test("takes never more than was authorised, and no more than the price", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (most, less) => {
      const amount = Math.min(most, less);
      expect(Number(settledUnits(amount))).toBeLessThanOrEqual(Number(authorisedUnits(most)));
      expect(Number(settledUnits(amount)) * 1_000).toBeLessThanOrEqual(amount);
      expect(Number(authorisedUnits(most)) * 1_000).toBeGreaterThanOrEqual(most);
    }),
  );
});
