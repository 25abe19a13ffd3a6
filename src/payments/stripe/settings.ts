import { createProviderFetch, type ProviderFetch } from "../../net/provider-fetch.ts";
import { STRIPE_URL, type StripeSettings } from "./client.ts";

/** The mode of a key: `live` moves money, `test` does not. Each has its own objects and events. */
const SECRET_KEY = /^(?:sk|rk)_(?<mode>live|test)_\w+$/;

/**
 * How this deployment takes payments through Stripe; null where it does not, which is where it has no secret key.
 *
 * @param send sends requests; the platform's `fetch` where absent
 */
export function readStripe(
  variable: (name: string) => string,
  send?: ProviderFetch,
): { readonly stripe: StripeSettings | null; readonly faults: string[] } {
  const [secretKey, webhookSecret] = [variable("STRIPE_SECRET_KEY"), variable("STRIPE_WEBHOOK_SECRET")];
  if (secretKey === "") return { stripe: null, faults: [] };
  const faults: string[] = [];
  const mode = SECRET_KEY.exec(secretKey)?.groups?.mode;
  if (!mode) faults.push("STRIPE_SECRET_KEY is not sk_live_…, sk_test_…, rk_live_… or rk_test_…");
  if (webhookSecret === "") {
    faults.push("STRIPE_WEBHOOK_SECRET is not set, and STRIPE_SECRET_KEY is: payments would be taken and not credited");
  } else if (!/^whsec_\S+$/.test(webhookSecret)) {
    faults.push("STRIPE_WEBHOOK_SECRET is not whsec_…");
  }
  const fetch = createProviderFetch(new Set([STRIPE_URL.origin]), send);
  return { stripe: { secretKey, webhookSecret, isLive: mode === "live", fetch }, faults };
}
