import { type Answer, type Exchange, json, type Protocol, type Session } from "../hosted/exchange.ts";
import { CREATED, checkoutSession, faultsOf, paymentIntent } from "./objects.ts";
import { CHECKOUT_REQUEST } from "./schemas.ts";

interface Checkout {
  readonly parameters: string;
  readonly idempotencyKey: string;
  readonly session: Readonly<Record<string, unknown>>;
  readonly paymentIntent: Readonly<Record<string, unknown>>;
}

/** The Checkout Sessions of each test, in the order in which they were created. */
const created = new WeakMap<Session, Checkout[]>();

const PAYMENT_INTENT = /^\/stripe\/v1\/payment_intents\/(?<id>[\w-]+)$/;
/** The smallest charge in dollars, in cents (docs.stripe.com/currencies), and the largest amount: eight digits. */
const [LEAST_CENTS, MOST_CENTS] = [50, 99_999_999];

/**
 * The part of Stripe's API that is used (docs.stripe.com/api, November 2026): it creates Checkout Sessions and gives
 * their payment intents. Session `cs_test_1` has the payment intent `pi_1`. `pi_other` paid for something else.
 */
export const stripe: Protocol = {
  operationOf(method, path) {
    if (!path.startsWith("/stripe/v1/")) return null;
    if (method === "POST" && path === "/stripe/v1/checkout/sessions") return "stripe.checkout";
    return method === "GET" && PAYMENT_INTENT.test(path) ? "stripe.payment_intent" : "stripe.other";
  },

  answer(exchange) {
    const { operation, headers, path, method } = exchange;
    const [, mode] = /^Bearer (?:sk|rk)_(test|live)_\w+$/.exec(headers.authorization ?? "") ?? [];
    if (!mode) return failure(401, { type: "invalid_request_error", message: "Invalid API Key provided" });
    if (!/^\d{4}-\d\d-\d\d\.\w+$/.test(headers["stripe-version"] ?? "")) return refusal("Invalid Stripe API version");
    if (operation === "stripe.checkout") return createSession(exchange, mode === "live");
    if (operation === "stripe.payment_intent") return retrieve(exchange, PAYMENT_INTENT.exec(path)?.groups?.id ?? "");
    return failure(404, { type: "invalid_request_error", message: `Unrecognized request URL (${method}: ${path})` });
  },
};

function createSession({ session, bytes, headers }: Exchange, livemode: boolean): Answer {
  if (headers["content-type"] !== "application/x-www-form-urlencoded") return refusal("Invalid request body");
  const parameters = bytes.toString();
  const sessions = created.get(session) ?? [];
  created.set(session, sessions);
  const idempotencyKey = headers["idempotency-key"] ?? "";
  if (idempotencyKey.length > 255) return refusal("Idempotency keys have at most 255 characters");
  const repeated = sessions.find((checkout) => idempotencyKey !== "" && checkout.idempotencyKey === idempotencyKey);
  if (repeated && repeated.parameters !== parameters) {
    const message = "Keys for idempotent requests can only be used with the same parameters they were first used with.";
    return failure(400, { type: "idempotency_error", message });
  }
  if (repeated) return json(200, repeated.session, { "request-id": "req_stripe", "idempotent-replayed": "true" });
  const form = readForm(parameters);
  const faults = faultsOf(CHECKOUT_REQUEST, form);
  if (faults !== "") return refusal(faults);
  const fields = form as unknown as CheckoutForm;
  const amount = fields.line_items.reduce(
    (sum, { price_data, quantity }) => sum + Number(price_data.unit_amount) * Number(quantity),
    0,
  );
  if (amount < LEAST_CENTS || amount > MOST_CENTS)
    return refusal("The Checkout Session's total amount is out of range");
  const number = sessions.length + 1;
  const id = `cs_test_${number}`;
  const checkout = {
    parameters,
    idempotencyKey,
    session: checkoutSession({
      id,
      adaptive_pricing: { enabled: fields.adaptive_pricing?.enabled === "true" },
      amount_subtotal: amount,
      amount_total: amount,
      cancel_url: fields.cancel_url ?? null,
      client_reference_id: fields.client_reference_id ?? null,
      expires_at: CREATED + 24 * 60 * 60,
      livemode,
      metadata: fields.metadata ?? {},
      success_url: fields.success_url,
      url: `https://checkout.stripe.com/c/pay/${id}`,
    }),
    paymentIntent: paymentIntent({
      id: `pi_${number}`,
      amount,
      livemode,
      metadata: fields.payment_intent_data?.metadata ?? {},
    }),
  };
  sessions.push(checkout);
  return json(200, checkout.session, { "request-id": "req_stripe" });
}

function retrieve({ session }: Exchange, id: string): Answer {
  const found = created.get(session)?.find((checkout) => checkout.paymentIntent.id === id)?.paymentIntent;
  if (found) return json(200, found, { "request-id": "req_stripe" });
  if (id === "pi_other") return json(200, paymentIntent({ id, amount: 900, metadata: { account: "newsroom" } }));
  const message = `No such payment_intent: '${id}'`;
  return failure(404, { type: "invalid_request_error", code: "resource_missing", param: "intent", message });
}

interface CheckoutForm {
  readonly adaptive_pricing?: { readonly enabled?: string };
  readonly cancel_url?: string;
  readonly client_reference_id?: string;
  readonly line_items: ReadonlyArray<{
    readonly quantity: string;
    readonly price_data: { readonly unit_amount?: string };
  }>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly payment_intent_data?: { readonly metadata?: Readonly<Record<string, string>> };
  readonly success_url: string;
}

/** A form as Stripe reads it: `line_items[0][quantity]=1` is the quantity of the first line item. */
function readForm(text: string): Record<string, unknown> {
  const form: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const path = [...name.matchAll(/[^[\]]+/g)].map(([part]) => part);
    let place = form;
    for (const part of path.slice(0, -1)) {
      place[part] ??= {};
      place = place[part] as Record<string, unknown>;
    }
    place[path.at(-1) ?? ""] = value;
  }
  return lists(form) as Record<string, unknown>;
}

/** Objects whose names are 0, 1, … are lists. */
function lists(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, lists(inner)] as const);
  const isList = entries.length > 0 && entries.every(([name], index) => name === String(index));
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

const refusal = (message: string) => failure(400, { type: "invalid_request_error", message });

function failure(status: number, error: Readonly<Record<string, string>>): Answer {
  return json(status, { error }, { "request-id": "req_stripe" });
}
