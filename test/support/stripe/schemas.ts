import type { Stripe } from "stripe";

/**
 * The objects of Stripe's API that this product reads, as JSON Schema: facts of Stripe's OpenAPI document
 * (github.com/stripe/openapi, `latest/openapi.spec3.json`, version 2026-09-30.endive). The names of fields, which of
 * them are always there and which may be null are checked by the compiler against the types of the package `stripe`,
 * which Stripe generates from the same document (its file OPENAPI_VERSION: v2596, version 2026-10-28.endive). Of fields
 * that nobody here reads only the kind of value is given.
 */

export interface Schema {
  readonly [keyword: string]: unknown;
}

/** An object, with the fields that are always there and not null, and those that are always there and may be null. */
export interface ObjectSchema extends Schema {
  readonly type: "object";
  readonly required: readonly string[];
  readonly nullable: readonly string[];
  readonly properties: Readonly<Record<string, Schema>>;
}

/** The fields of a type that are always there and never null. */
type Always<T> = {
  [Key in keyof T]-?: undefined extends T[Key] ? never : null extends T[Key] ? never : Key;
}[keyof T];
/** The fields of a type that are always there and may be null. */
type OrNull<T> = {
  [Key in keyof T]-?: undefined extends T[Key] ? never : null extends T[Key] ? Key : never;
}[keyof T];

const NULL: Schema = { enum: [null] };
const STRING: Schema = { type: "string", maxLength: 5_000 };
const INTEGER: Schema = { type: "integer" };
const BOOLEAN: Schema = { type: "boolean" };
/** Unix time in seconds. */
const TIME: Schema = { type: "integer", minimum: 0 };
/** An ISO 4217 code in lower case. */
const CURRENCY: Schema = { type: "string", pattern: "^[a-z]{3}$" };
const OBJECT: Schema = { type: "object" };
const LIST: Schema = { type: "array", items: OBJECT };
const METADATA: Schema = { type: "object", additionalProperties: { type: "string", maxLength: 500 } };
/** An id, or the whole object where it was asked for. */
const reference = (object: string): Schema => ({
  anyOf: [STRING, { type: "object", required: ["id", "object"], properties: { id: STRING, object: oneOf(object) } }],
});
const oneOf = (...values: readonly string[]): Schema => ({ enum: values });
const all = <Name extends string>(schema: Schema, ...names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, Schema>;

function schemaOf<T>(
  always: Readonly<Record<Always<T> & string, Schema>>,
  orNull: Readonly<Record<OrNull<T> & string, Schema>>,
): ObjectSchema {
  const nullable = Object.entries<Schema>(orNull).map(([name, schema]) => [name, { anyOf: [schema, NULL] }]);
  return {
    type: "object",
    required: Object.keys(always),
    nullable: Object.keys(orNull),
    properties: { ...always, ...Object.fromEntries(nullable) },
  };
}

const balanceTransaction = schemaOf<Stripe.BalanceTransaction>(
  {
    id: STRING,
    object: oneOf("balance_transaction"),
    // Negative where money leaves the balance; before `fee`.
    amount: INTEGER,
    available_on: TIME,
    balance_type: oneOf("issuing", "payments", "refund_and_dispute_prefunding", "risk_reserved"),
    created: TIME,
    currency: CURRENCY,
    fee: INTEGER,
    fee_details: LIST,
    net: INTEGER,
    reporting_category: STRING,
    status: STRING,
    // Of the 53 types, those that a dispute has.
    type: oneOf("adjustment", "payment_reversal", "stripe_fee", "tax_fee"),
  },
  { description: STRING, exchange_rate: { type: "number" }, source: reference("dispute") },
);

export const SCHEMAS = {
  "checkout.session": schemaOf<Stripe.Checkout.Session>(
    {
      id: STRING,
      object: oneOf("checkout.session"),
      automatic_tax: { type: "object", required: ["enabled"], properties: { enabled: BOOLEAN } },
      created: TIME,
      custom_fields: LIST,
      custom_text: OBJECT,
      expires_at: TIME,
      livemode: BOOLEAN,
      mode: oneOf("payment", "setup", "subscription"),
      payment_method_types: { type: "array", items: STRING },
      payment_status: oneOf("no_payment_required", "paid", "unpaid"),
      shipping_options: LIST,
    },
    {
      ...all(INTEGER, "amount_subtotal", "amount_total"),
      ...all(STRING, "cancel_url", "client_reference_id", "client_secret", "customer_account", "customer_email"),
      ...all(STRING, "integration_identifier", "locale", "recovered_from", "success_url", "url"),
      ...all(OBJECT, "adaptive_pricing", "after_expiration", "collected_information", "consent", "consent_collection"),
      ...all(OBJECT, "currency_conversion", "customer_details", "invoice_creation", "managed_payments"),
      ...all(OBJECT, "payment_method_configuration_details", "payment_method_options", "permissions"),
      ...all(OBJECT, "saved_payment_method_options", "shipping_address_collection", "shipping_cost", "total_details"),
      ...all(OBJECT, "wallet_options"),
      allow_promotion_codes: BOOLEAN,
      allowed_payment_method_types: LIST,
      billing_address_collection: oneOf("auto", "required"),
      currency: CURRENCY,
      customer: reference("customer"),
      customer_creation: oneOf("always", "if_required"),
      discounts: LIST,
      invoice: reference("invoice"),
      metadata: METADATA,
      origin_context: oneOf("mobile_app", "web"),
      payment_intent: reference("payment_intent"),
      payment_link: reference("payment_link"),
      payment_method_collection: oneOf("always", "if_required"),
      setup_intent: reference("setup_intent"),
      status: oneOf("complete", "expired", "open"),
      submit_type: oneOf("auto", "book", "donate", "pay", "subscribe"),
      subscription: reference("subscription"),
      ui_mode: oneOf("elements", "embedded_page", "form", "hosted_page"),
    },
  ),
  payment_intent: schemaOf<Stripe.PaymentIntent>(
    {
      id: STRING,
      object: oneOf("payment_intent"),
      amount: INTEGER,
      amount_capturable: INTEGER,
      amount_received: INTEGER,
      capture_method: oneOf("automatic", "automatic_async", "manual"),
      confirmation_method: oneOf("automatic", "manual"),
      created: TIME,
      currency: CURRENCY,
      livemode: BOOLEAN,
      metadata: METADATA,
      payment_method_types: { type: "array", items: STRING },
      status: oneOf("canceled", "processing", "requires_action", "requires_capture", "succeeded"),
    },
    {
      ...all(STRING, "cancellation_reason", "client_secret", "customer_account", "description", "receipt_email"),
      ...all(STRING, "setup_future_usage", "statement_descriptor", "statement_descriptor_suffix", "transfer_group"),
      ...all(LIST, "allowed_payment_method_types", "excluded_payment_method_types"),
      ...all(OBJECT, "automatic_payment_methods", "last_payment_error", "managed_payments", "next_action"),
      ...all(OBJECT, "payment_method_configuration_details", "payment_method_options", "processing", "shipping"),
      application: reference("application"),
      application_fee_amount: INTEGER,
      canceled_at: TIME,
      customer: reference("customer"),
      latest_charge: reference("charge"),
      on_behalf_of: reference("account"),
      payment_method: reference("payment_method"),
      payment_record: reference("payment_record"),
      review: reference("review"),
      source: reference("source"),
    },
  ),
  refund: schemaOf<Stripe.Refund>(
    { id: STRING, object: oneOf("refund"), amount: INTEGER, created: TIME, currency: CURRENCY },
    {
      balance_transaction: reference("balance_transaction"),
      charge: reference("charge"),
      customer: reference("customer"),
      customer_account: STRING,
      metadata: METADATA,
      payment_intent: reference("payment_intent"),
      payment_method: reference("payment_method"),
      reason: oneOf("duplicate", "expired_uncaptured_charge", "fraudulent", "requested_by_customer"),
      receipt_number: STRING,
      source_transfer_reversal: reference("transfer_reversal"),
      // The document's type is any string. These are the values that its description lists.
      status: oneOf("pending", "requires_action", "succeeded", "failed", "canceled"),
      transfer_reversal: reference("transfer_reversal"),
    },
  ),
  dispute: schemaOf<Stripe.Dispute>(
    {
      id: STRING,
      object: oneOf("dispute"),
      amount: INTEGER,
      balance_transactions: { type: "array", items: balanceTransaction },
      charge: reference("charge"),
      created: TIME,
      currency: CURRENCY,
      enhanced_eligibility_types: LIST,
      evidence: OBJECT,
      evidence_details: OBJECT,
      is_charge_refundable: BOOLEAN,
      livemode: BOOLEAN,
      metadata: METADATA,
      reason: STRING,
      status: oneOf(
        "appeal_needs_response",
        "appeal_under_review",
        "lost",
        "needs_response",
        "prevented",
        "under_review",
        "warning_closed",
        "warning_needs_response",
        "warning_under_review",
        "won",
      ),
    },
    {
      intended_submission_method: oneOf("manual", "prefer_manual", "prefer_smart_disputes", "smart_disputes"),
      payment_intent: reference("payment_intent"),
    },
  ),
  balance_transaction: balanceTransaction,
  event: schemaOf<Stripe.Event>(
    {
      id: STRING,
      object: oneOf("event"),
      created: TIME,
      data: { type: "object", required: ["object"], properties: { object: OBJECT, previous_attributes: OBJECT } },
      livemode: BOOLEAN,
      pending_webhooks: INTEGER,
      type: STRING,
    },
    { api_version: STRING, request: OBJECT },
  ),
} as const;

export type ObjectName = keyof typeof SCHEMAS;

/** Parameters of `POST /v1/checkout/sessions`. The form has texts, and so has this schema. */
type CheckoutParameter = keyof Stripe.Checkout.SessionCreateParams;

const NUMERAL: Schema = { type: "string", pattern: "^[0-9]{1,12}$" };
const METADATA_PARAMETER: Schema = {
  type: "object",
  maxProperties: 50,
  propertyNames: { maxLength: 40 },
  additionalProperties: { type: "string", maxLength: 500 },
};
const closed = (required: readonly string[], properties: Readonly<Record<string, Schema>>): Schema => ({
  type: "object",
  required,
  properties,
  additionalProperties: false,
});

const CHECKOUT_PARAMETERS: Readonly<Partial<Record<CheckoutParameter, Schema>>> = {
  adaptive_pricing: closed([], { enabled: oneOf("true", "false") }),
  cancel_url: { type: "string", pattern: "^https?://" },
  client_reference_id: { type: "string", maxLength: 200 },
  line_items: {
    type: "array",
    minItems: 1,
    items: closed(["price_data", "quantity"], {
      quantity: NUMERAL,
      price_data: closed(["currency", "product_data"], {
        currency: CURRENCY,
        unit_amount: NUMERAL,
        product_data: closed(["name"], { name: STRING, description: STRING }),
      }),
    }),
  },
  metadata: METADATA_PARAMETER,
  mode: oneOf("payment", "setup", "subscription"),
  payment_intent_data: closed([], { metadata: METADATA_PARAMETER, description: STRING }),
  success_url: { type: "string", pattern: "^https?://" },
};

/** A hosted page for one payment needs these. */
export const CHECKOUT_REQUEST = closed(["line_items", "mode", "success_url"], CHECKOUT_PARAMETERS);
