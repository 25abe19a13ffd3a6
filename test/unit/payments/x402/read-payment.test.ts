import { encodePaymentSignatureHeader } from "@x402/core/http";
import type { PaymentPayload } from "@x402/core/types";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { readPayment, UnreadablePayment } from "../../../../src/payments/x402/read-payment.ts";
import { requirementsOf } from "../../../../src/payments/x402/terms.ts";
import { SETTINGS } from "../../../support/x402/settings.ts";
import { Wallet } from "../../../support/x402/wallet.ts";

const wallet = new Wallet(2);
const FACILITATOR = { facilitatorAddress: "0x5e771e5e771e5e771e5e771e5e771e5e771e5e77" };
const payments: Record<string, PaymentPayload> = {};

beforeAll(async () => {
  for (const name of ["exact", "upto"] as const) {
    const accepts = [requirementsOf(SETTINGS, { name, extra: name === "upto" ? FACILITATOR : {} }, "700")];
    payments[name] = await wallet.sign({ x402Version: 2, resource: { url: "https://namesight.test" }, accepts });
  }
});

const encoded = (payload: unknown) => encodePaymentSignatureHeader(payload as PaymentPayload);

test.each(["exact", "upto"])("reads what the official client signed for %s", async (scheme) => {
  const sent = payments[scheme] as PaymentPayload;
  const { payload, ...facts } = await readPayment(encoded(sent));
  expect(payload).toEqual(sent);
  const authorization = sent.payload.authorization as { nonce: string } | undefined;
  const permit = sent.payload.permit2Authorization as { nonce: string } | undefined;
  expect(facts).toEqual({
    payer: wallet.address.toLowerCase(),
    nonce: authorization ? `eip3009:${authorization.nonce}` : `permit2:${permit?.nonce}`,
    identifier: null,
    authorised: 700n,
    expires: expect.any(BigInt),
  });
});

test("gives a nonce one name, however it is spelled", async () => {
  const { authorization, ...others } = (payments.exact as PaymentPayload).payload as {
    authorization: { nonce: string };
  };
  const upper = `0x${authorization.nonce.slice(2).toUpperCase()}`;
  const spelled = { ...payments.exact, payload: { ...others, authorization: { ...authorization, nonce: upper } } };
  expect((await readPayment(encoded(spelled))).nonce).toBe(`eip3009:${authorization.nonce}`);
});

test("reads the payment identifier", async () => {
  const withId = (id: unknown) => encoded({ ...payments.upto, extensions: { "payment-identifier": { info: { id } } } });
  expect((await readPayment(withId("pay_0123456789abcdef"))).identifier).toBe("pay_0123456789abcdef");
  for (const id of ["too-short", "x".repeat(129), "has a space in it", 7]) {
    await expect(readPayment(withId(id))).rejects.toThrow("a payment identifier that is not");
  }
});

test("names what cannot be read", async () => {
  await expect(readPayment("x".repeat(16 * 1024 + 1))).rejects.toThrow("has 16385 characters");
  await expect(readPayment(encoded("[".repeat(9)).slice(1))).rejects.toThrow(UnreadablePayment);
  await expect(readPayment(btoa("[".repeat(40)))).rejects.toThrow("too deep in each other");
  await expect(readPayment(encoded({ x402Version: 1 }))).rejects.toThrow("is not a payment of x402 version 2");
  await expect(readPayment(encoded({ ...payments.upto, payload: {} }))).rejects.toThrow("has no authorization");
  const both = { ...payments.exact?.payload, ...payments.upto?.payload };
  await expect(readPayment(encoded({ ...payments.exact, payload: both }))).rejects.toThrow("has no authorization");
});

test("ends for any header in a payment or in words for the caller", async () => {
  const json = fc.json().map((text) => encodePaymentSignatureHeader(JSON.parse(text)));
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.base64String(), json), async (header) => {
      await expect(readPayment(header)).rejects.toThrow(UnreadablePayment);
    }),
    { numRuns: 200 },
  );
});
