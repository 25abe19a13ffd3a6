import { setTimeout as sleep } from "node:timers/promises";
import type { Prediction, PredictionRequest, WEBHOOK_EVENTS } from "../schemas/cog.ts";

type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/**
 * Cog retries the delivery of a finished prediction this often, waiting 100 ms and then twice as long each time (cog
 * 0.22).
 */
const RETRIES = 12;
const FIRST_WAIT_MS = 100;
const RETRIED_STATUS = (status: number) => status === 429 || status >= 500;

export interface WebhookOptions {
  fetch: typeof globalThis.fetch;
  wait: (milliseconds: number) => Promise<unknown>;
}

export const realWebhook: WebhookOptions = {
  fetch: globalThis.fetch,
  wait: (milliseconds) => sleep(milliseconds, null, { ref: false }),
};

/** Tells a prediction's webhook what happens to it. A delivery that fails never fails the prediction. */
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
   * Deliver one event, when the request asked for it. Only `completed` is retried, on 429, 5xx and a broken connection.
   */
  async send(event: WebhookEvent, prediction: Prediction): Promise<void> {
    if (this.#url === undefined || (this.#events && !this.#events.includes(event))) return;
    const body = JSON.stringify(prediction);
    for (let retry = 0; ; retry++) {
      const status = await this.#post(this.#url, body);
      const again = event === "completed" && retry < RETRIES && (status === null || RETRIED_STATUS(status));
      if (!again) return;
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
