import { toUtf8 } from "../../../schemas/encodings.ts";
import { GuardError } from "../../net/guard-error.ts";
import { guardedPost } from "../../net/guarded-post.ts";
import type { ProviderFetch } from "../../net/provider-fetch.ts";
import { describeError } from "../../observe/log.ts";
import type { Runtime } from "../../runtime.ts";
import { signMessage } from "../standard-webhooks.ts";
import { isTaken } from "./schedule.ts";

/** Where a message goes, and with what it is signed: the newest secret first. */
export interface Target {
  readonly url: string;
  /** `whsec_…`, at least one. */
  readonly secrets: readonly string[];
}

export interface SendDependencies extends Pick<Runtime, "clock" | "timer" | "log"> {
  /** Sends requests to the public internet. */
  readonly fetchPublic: ProviderFetch;
  /** As in `guardedPost`. */
  readonly allowedOrigins: ReadonlySet<string>;
}

/** What came of sending a message once. */
export interface Sent {
  /** The status of the receiver's response; null without one. */
  readonly status: number | null;
  /** Why it was not delivered, as the end of the sentence "the URL …"; null where it was. */
  readonly error: string | null;
  /** How long the receiver asks to wait; null where it does not say. */
  readonly retryAfterMs: number | null;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/**
 * Signs a message and sends it once, within `LIMITS.webhookMs`. Never rejects. Neither the result nor the log has a
 * part of the URL, of a secret or of the body.
 *
 * @param message its id, which is the same whenever it is sent, and its body as JSON
 */
export async function sendWebhook(
  { url, secrets }: Target,
  message: { readonly id: string; readonly body: string },
  { fetchPublic, allowedOrigins, clock, timer, log }: SendDependencies,
): Promise<Sent> {
  const begun = clock();
  const ended = (status: number | null, error: string | null, retryAfterMs: number | null = null): Sent => ({
    status,
    error,
    retryAfterMs,
    ms: clock() - begun,
  });
  try {
    const body = toUtf8(message.body);
    const headers = await signMessage(secrets, message.id, Math.floor(begun / 1000), body);
    const options = { fetch: fetchPublic, allowedOrigins, timer, clock };
    const { status, retryAfterMs } = await guardedPost(url, { body, headers }, options);
    return ended(status, isTaken(status) ? null : `answered HTTP ${status}`, retryAfterMs);
  } catch (error) {
    if (error instanceof GuardError) return ended(null, error.detail);
    log({ event: "webhook_not_sent", delivery: message.id, ...describeError(error) });
    return ended(null, "could not be posted to");
  }
}
