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
/** How long a webhook's answer is waited for, in milliseconds. Set by hand. */
const TIMEOUT_MS = 10_000;
/** Most deliveries that wait or run at a time. Further events are not delivered. Set by hand. */
const MOST_PENDING = 64;

export interface WebhookOptions {
  /** The origins to which events may be sent, such as `https://hooks.example.com`. */
  readonly origins: readonly string[];
  readonly fetch: typeof globalThis.fetch;
  readonly wait: (milliseconds: number) => Promise<unknown>;
  readonly timeoutMs: number;
}

export const realWebhooks = (origins: readonly string[]): Webhooks =>
  new Webhooks({
    origins,
    fetch: globalThis.fetch,
    wait: (milliseconds) => sleep(milliseconds, null, { ref: false }),
    timeoutMs: TIMEOUT_MS,
  });

/**
 * Delivers predictions' events to their webhooks. Only to the origins that the operator named, because the address is
 * the caller's choice. A delivery that fails does not fail the prediction.
 */
export class Webhooks {
  readonly #options: WebhookOptions;
  #pending = 0;

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  /** Whether events may be sent to an address. */
  accepts(address: string): boolean {
    return URL.canParse(address) && this.#options.origins.includes(new URL(address).origin);
  }

  /**
   * How to deliver an event of a prediction, if its request asked for it. Only `completed` is retried: on 429, on 5xx
   * and when the connection breaks.
   */
  of({ webhook, webhook_events_filter: events }: PredictionRequest) {
    return async (event: WebhookEvent, prediction: Prediction): Promise<void> => {
      if (webhook === undefined || !this.accepts(webhook) || (events && !events.includes(event))) return;
      if (this.#pending >= MOST_PENDING) return;
      this.#pending++;
      try {
        await this.#deliver(webhook, JSON.stringify(prediction), event === "completed" ? RETRIES : 0);
      } finally {
        this.#pending--;
      }
    };
  }

  async #deliver(url: string, body: string, retries: number): Promise<void> {
    for (let retry = 0; ; retry++) {
      const status = await this.#post(url, body);
      if (retry >= retries || (status !== null && !isRetried(status))) return;
      await this.#options.wait(FIRST_WAIT_MS * 2 ** retry);
    }
  }

  async #post(url: string, body: string): Promise<number | null> {
    const stop = new AbortController();
    // A timer of its own: nothing holds the signal of `AbortSignal.timeout` once the headers have come.
    const timer = setTimeout(() => stop.abort(), this.#options.timeoutMs);
    try {
      const response = await this.#options.fetch(url, {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
        redirect: "manual",
        signal: stop.signal,
      });
      // Nothing of the answer's body is read.
      void response.body?.cancel().catch(() => undefined);
      return response.status;
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}
