import { type ProviderFetch, plainFetch } from "./provider-fetch.ts";

/**
 * Sends webhooks: to the public internet by one way, and to the origins that the operator named, for trials on one
 * machine, by another.
 */
export function createWebhookFetch(
  named: ReadonlySet<string>,
  fetchNamed: ProviderFetch = plainFetch,
  fetchPublic: ProviderFetch = plainFetch,
): ProviderFetch {
  return (url, init) => (named.has(url.origin) ? fetchNamed : fetchPublic)(url, init);
}
