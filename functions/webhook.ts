import { setTimeout as sleep } from "node:timers/promises";
import type { Prediction, PredictionRequest, WEBHOOK_EVENTS } from "../schemas/cog.ts";

type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/**
 * Retries of the delivery of a finished prediction: the first after 100 ms, each later one after twice the wait, as Cog
 * 0.22 does (github.com/replicate/cog/blob/main/docs/http.md).
 */
const RETRIES = 12;
const FIRST_WAIT_MS = 100;
const isRetried = (status: number) => status === 429 || status >= 500;

export interface WebhookOptions {
  fetch: typeof globalThis.fetch;
  wait: (milliseconds: number) => Promise<unknown>;
}

export const realWebhook: WebhookOptions = {
  fetch: globalThis.fetch,
  wait: (milliseconds) => sleep(milliseconds, null, { ref: false }),
};

/** Delivers a prediction's events to its webhook. A delivery that fails does not fail the prediction. */
export class Webhook {
  readonly #url: string | undefined;
  readonly #events: readonly WebhookEvent[] | undefined;
  readonly #options: WebhookOptions;

  constructor(request: PredictionRequest, options: WebhookOptions) {
    this.#url = request.webhook;
    this.#events = request.webhook_events_filter;
    this.#options = options;
  }

  /**
   * Deliver one event if the request asked for it. Only `completed` is retried: on 429, on 5xx and when the connection
   * breaks.
   */
  async send(event: WebhookEvent, prediction: Prediction): Promise<void> {
    if (this.#url === undefined || (this.#events && !this.#events.includes(event))) return;
    const body = JSON.stringify(prediction);
    for (let retry = 0; ; retry++) {
      const status = await this.#post(this.#url, body);
      const isRetry = event === "completed" && retry < RETRIES && (status === null || isRetried(status));
      if (!isRetry) return;
      await this.#options.wait(FIRST_WAIT_MS * 2 ** retry);
    }
  }

  async #post(url: string, body: string): Promise<number | null> {
    try {
      const response = await this.#options.fetch(url, {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
        redirect: "manual",
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return null;
    }
  }
}
