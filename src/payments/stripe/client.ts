import type { Stripe } from "stripe";
import * as z from "zod/mini";
import type { ProviderFetch } from "../../net/provider-fetch.ts";
import type { Failure } from "../../resilience/retry.ts";
import { untilAborted } from "../../resilience/until-aborted.ts";

/** Stripe's API. Nothing else is called with the secret key. */
export const STRIPE_URL = new URL("https://api.stripe.com");

/** How this deployment takes payments through Stripe. */
export interface StripeSettings {
  /** `sk_live_…`, `sk_test_…`, or a restricted key, `rk_…`. */
  readonly secretKey: string;
  /** `whsec_…`: signs what Stripe sends to `/hooks/stripe`. */
  readonly webhookSecret: string;
  /** Whether the key moves money. Events of the other mode are not for this deployment. */
  readonly isLive: boolean;
  /** Sends requests to `STRIPE_URL` and nowhere else. */
  readonly fetch: ProviderFetch;
}

/** A Checkout Session that is to be created. */
export interface NewCheckout {
  readonly account: string;
  /** In US cents. */
  readonly cents: number;
  /** Repeating a request with the same key creates no second session. */
  readonly idempotencyKey: string;
  /** Where the payer returns to. */
  readonly paidUrl: URL;
  readonly canceledUrl: URL;
}

/** A Checkout Session that can be paid. */
export interface Checkout {
  readonly url: string;
  /** Unix time in seconds. */
  readonly expiresAt: number;
}

/**
 * The names of our facts in `metadata`. They are our own, so that payments that the same Stripe account takes for
 * something else are never taken for top-ups.
 */
export const METADATA = { account: "namesight_account", amount: "namesight_amount_usd_cents" } as const;

const CreatedSession = z.object({ url: z.string(), expires_at: z.int() });
const PaymentIntent = z.object({ metadata: z.record(z.string(), z.string()) });

/** Stripe did not answer as asked. `message` is never Stripe's own, which may name the payer. */
export class StripeFailure extends Error implements Failure {
  readonly retryable: boolean;
  readonly retryAfterMs = null;
  /** The HTTP status; null where no whole answer came. */
  readonly status: number | null;
  /** Stripe's code of the error, and its id of the request. */
  readonly code: string | null;
  readonly requestId: string | null;

  constructor(error: unknown, shouldRetry?: boolean) {
    const { statusCode, code, requestId, headers } = (error ?? {}) as Partial<Stripe.errors.StripeError>;
    super(`Stripe did not answer as asked (${statusCode ?? "no answer"})`);
    this.name = "StripeFailure";
    this.status = statusCode ?? null;
    this.code = code ?? null;
    this.requestId = requestId ?? null;
    const told = headers?.["stripe-should-retry"];
    const mayHelp = this.status === null || this.status === 409 || this.status === 429 || this.status >= 500;
    this.retryable = shouldRetry ?? (told === "true" || (told !== "false" && mayHelp));
  }
}

/**
 * Creates a Checkout Session for a top-up in US dollars.
 *
 * @param signal ends the request
 * @throws StripeFailure
 */
export async function createCheckout(
  { account, cents, idempotencyKey, paidUrl, canceledUrl }: NewCheckout,
  settings: StripeSettings,
  signal: AbortSignal,
): Promise<Checkout> {
  const metadata = { [METADATA.account]: account, [METADATA.amount]: String(cents) };
  const session = await ask(settings, signal, (client) =>
    client.checkout.sessions.create(
      {
        mode: "payment",
        line_items: [
          {
            quantity: 1,
            price_data: { currency: "usd", unit_amount: cents, product_data: { name: "Namesight balance" } },
          },
        ],
        client_reference_id: account,
        metadata,
        // A refund and a dispute name the payment intent alone.
        payment_intent_data: { metadata },
        // The payer pays the dollars that the balance gets.
        adaptive_pricing: { enabled: false },
        success_url: paidUrl.href,
        cancel_url: canceledUrl.href,
      },
      { idempotencyKey },
    ),
  );
  const { url, expires_at } = readAnswer(CreatedSession, session);
  return { url, expiresAt: expires_at };
}

/**
 * The account whose top-up a payment intent paid; null when it paid for something else.
 *
 * @param signal ends the request
 * @throws StripeFailure
 */
export async function accountOf(
  paymentIntent: string,
  settings: StripeSettings,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const found = await ask(settings, signal, (client) => client.paymentIntents.retrieve(paymentIntent));
    return readAnswer(PaymentIntent, found).metadata[METADATA.account] ?? null;
  } catch (error) {
    if (error instanceof StripeFailure && error.status === 404) return null;
    throw error;
  }
}

/** Makes one call with Stripe's own client, which is loaded by the first one. */
async function ask<T>(
  { secretKey, fetch }: StripeSettings,
  signal: AbortSignal,
  call: (client: Stripe) => Promise<Stripe.Response<T>>,
): Promise<T> {
  const { default: StripeClient } = await import("stripe");
  const send = async (url: string | URL | Request, init: RequestInit = {}) => {
    try {
      return await fetch(new URL(String(url)), { ...init, signal });
    } catch {
      // Without its code: the client repeats after a closed connection even where retries are off
      // (docs/reference/payments.md, "Stripe").
      throw new TypeError("Stripe cannot be reached");
    }
  };
  const client = new StripeClient(secretKey, {
    httpClient: StripeClient.createFetchHttpClient(send as typeof globalThis.fetch),
    maxNetworkRetries: 0,
    telemetry: false,
  });
  const answer = await untilAborted(call(client), signal).catch((error) => {
    throw new StripeFailure(error);
  });
  // The client takes any JSON without an `error` for an answer, whatever its status is.
  const { statusCode } = answer.lastResponse;
  if (statusCode !== 200) throw new StripeFailure({ statusCode });
  return answer;
}

function readAnswer<Schema extends z.ZodMiniType>(schema: Schema, answer: unknown): z.infer<Schema> {
  const read = z.safeParse(schema, answer);
  // Another try would be answered in the same form.
  if (!read.success) throw new StripeFailure(null, false);
  return read.data;
}
