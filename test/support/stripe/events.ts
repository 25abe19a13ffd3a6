import { Stripe } from "stripe";

/** The secrets of tests. */
export const SECRET_KEY = "sk_test_namesight";
export const WEBHOOK_SECRET = "whsec_namesight";

/** An event as Stripe delivers it, signed by Stripe's own code. */
export interface SignedEvent {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * Signs an event.
 *
 * @param now Unix time in seconds
 */
export async function signEvent(
  event: unknown,
  now: number,
  { secret = WEBHOOK_SECRET, body = JSON.stringify(event, null, 2) } = {},
): Promise<SignedEvent> {
  const signature = await Stripe.webhooks.generateTestHeaderStringAsync({
    payload: body,
    secret,
    timestamp: now,
    cryptoProvider: Stripe.createSubtleCryptoProvider(),
  });
  return { headers: { "content-type": "application/json; charset=utf-8", "stripe-signature": signature }, body };
}
