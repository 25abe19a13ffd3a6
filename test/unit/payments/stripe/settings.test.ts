import { expect, test } from "vitest";
import { readStripe } from "../../../../src/payments/stripe/settings.ts";

const read = (variables: Readonly<Record<string, string>>) => readStripe((name) => variables[name] ?? "");
const STRIPE_WEBHOOK_SECRET = "whsec_1";

test("without a secret key there are no payments by Stripe, and no fault", () => {
  expect(read({ STRIPE_WEBHOOK_SECRET })).toEqual({ stripe: null, faults: [] });
});

test.each([
  ["sk_live_1", true],
  ["rk_live_1", true],
  ["sk_test_1", false],
])("the key %s tells the mode", (secretKey, isLive) => {
  const { stripe, faults } = read({ STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET });
  expect(faults).toEqual([]);
  expect(stripe).toMatchObject({ secretKey, isLive, webhookSecret: "whsec_1" });
});

test.each([
  [{ STRIPE_SECRET_KEY: "sk_live_1" }, "STRIPE_WEBHOOK_SECRET is not set"],
  [{ STRIPE_SECRET_KEY: "sk_live_1", STRIPE_WEBHOOK_SECRET: "secret" }, "STRIPE_WEBHOOK_SECRET is not whsec_"],
  [{ STRIPE_SECRET_KEY: "pk_live_1", STRIPE_WEBHOOK_SECRET }, "STRIPE_SECRET_KEY is not sk_live_"],
])("%j is a fault that names the variable and tells no secret", (variables, fault) => {
  const { faults } = read(variables);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(fault);
  expect(faults[0]).not.toMatch(/live_1|secret$/);
});

test("reaches Stripe and no other address", async () => {
  const { stripe } = readStripe(
    (name) => ({ STRIPE_SECRET_KEY: "sk_test_1", STRIPE_WEBHOOK_SECRET })[name] ?? "",
    async () => new Response("{}"),
  );
  expect((await stripe?.fetch(new URL("https://api.stripe.com/v1/x"), {}))?.status).toBe(200);
  for (const address of ["https://stripe.com/v1/x", "http://api.stripe.com/v1/x", "https://api.stripe.com:444/v1/x"]) {
    await expect(stripe?.fetch(new URL(address), {})).rejects.toThrow(TypeError);
  }
});
