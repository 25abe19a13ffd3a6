import { Validator } from "@cfworker/json-schema";
import { type ObjectName, SCHEMAS } from "./schemas.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Noon of a day, in Unix seconds. */
export const CREATED = Date.UTC(2026, 10, 23, 12) / 1000;

const validators = new Map<object, Validator>();

/** What a schema has against a value, in words; empty when nothing. */
export function faultsOf(schema: object, value: unknown): string {
  const validator = validators.get(schema) ?? new Validator(schema, "2020-12", false);
  validators.set(schema, validator);
  const { errors } = validator.validate(value);
  return errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`).join("; ");
}

/** An object as Stripe sends it, with every field that is always there; null where not given. Throws when wrong. */
export function stripeObject(name: ObjectName, fields: Fields): Record<string, unknown> {
  const schema = SCHEMAS[name];
  const object = { ...Object.fromEntries(schema.nullable.map((field) => [field, null])), object: name, ...fields };
  const faults = faultsOf(schema, object);
  if (faults !== "") throw new Error(`no ${name} of Stripe's: ${faults}`);
  return object;
}

/** A Checkout Session for a payment in dollars. */
export const checkoutSession = (fields: Fields) =>
  stripeObject("checkout.session", {
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    created: CREATED,
    currency: "usd",
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    expires_at: CREATED + 24 * 60 * 60,
    livemode: false,
    mode: "payment",
    payment_method_types: ["card"],
    payment_status: "unpaid",
    shipping_options: [],
    status: "open",
    ui_mode: "hosted_page",
    ...fields,
  });

export const paymentIntent = (fields: Fields & { readonly amount: number }) =>
  stripeObject("payment_intent", {
    amount_capturable: 0,
    amount_received: fields.amount,
    capture_method: "automatic_async",
    confirmation_method: "automatic",
    created: CREATED,
    currency: "usd",
    livemode: false,
    metadata: {},
    payment_method_types: ["card"],
    status: "succeeded",
    ...fields,
  });

export const refund = (fields: Fields) =>
  stripeObject("refund", { charge: "ch_1", created: CREATED, currency: "usd", status: "succeeded", ...fields });

export const balanceTransaction = ({
  fee = 0,
  ...fields
}: Fields & { readonly amount: number; readonly fee?: number }) =>
  stripeObject("balance_transaction", {
    available_on: CREATED,
    balance_type: "payments",
    created: CREATED,
    currency: "usd",
    fee,
    fee_details: [],
    net: fields.amount - fee,
    reporting_category: fields.amount < 0 ? "dispute" : "dispute_reversal",
    status: "available",
    type: "adjustment",
    ...fields,
  });

export const dispute = (fields: Fields) =>
  stripeObject("dispute", {
    balance_transactions: [],
    charge: "ch_1",
    created: CREATED,
    currency: "usd",
    enhanced_eligibility_types: [],
    evidence: {},
    evidence_details: {},
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    reason: "fraudulent",
    status: "needs_response",
    ...fields,
  });

export const stripeEvent = (type: string, object: unknown, fields: Fields = {}) =>
  stripeObject("event", {
    id: "evt_1",
    api_version: "2026-10-28.endive",
    created: CREATED,
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    type,
    ...fields,
  });
