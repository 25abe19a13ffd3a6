import type { ProviderFetch } from "./provider-fetch.ts";

/**
 * Sends webhooks: to the public internet by one way, and to the origins that the operator named, for trials on one
 * machine, by another.
 */
export function createWebhookFetch(
  named: ReadonlySet<string>,
  fetchNamed: ProviderFetch = (url, init) => fetch(url, init),
  fetchPublic: ProviderFetch = (url, init) => fetch(url, init),
): ProviderFetch {
  return (url, init) => (named.has(url.origin) ? fetchNamed : fetchPublic)(url, init);
}
