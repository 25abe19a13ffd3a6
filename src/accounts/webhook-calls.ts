import type { DeliveryFacts, WebhookEvent, WebhookFacts } from "../../schemas/webhooks.ts";

/** What is said to an account about its webhook endpoints. Times are Unix milliseconds. */

/** An address of the account that is told how its jobs end. */
export interface WebhookEndpoint {
  /** `wh_…` */
  readonly id: string;
  readonly url: string;
  /** `whsec_…`, the newest first: more than one while rotations overlap. Each signs. */
  readonly secrets: readonly string[];
  readonly events: readonly WebhookEvent[];
}

/** What became of one attempt at a delivery to an endpoint. */
export interface DeliveryNote {
  /** The endpoint's id. */
  readonly endpoint: string;
  /** The message's id, `msg_…`, the same in every attempt. */
  readonly delivery: string;
  /** The job or batch that it is about; null for a test. */
  readonly subject: string | null;
  readonly event: string;
  /** The number of the attempt: 1, 2, … */
  readonly attempt: number;
  /** Unix time in milliseconds. */
  readonly at: number;
  /** The status of the receiver's response; null without one. */
  readonly status: number | null;
  /** Why it failed, in words; null where it did not. */
  readonly error: string | null;
  /** When it is tried again; null when it is not. */
  readonly nextAt: number | null;
}

export interface NewWebhook {
  /** `wh_…` */
  readonly id: string;
  readonly secret: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly name: string;
}

/** What is to be different about an endpoint. What is undefined stays. */
export interface WebhookChange {
  readonly url?: string | undefined;
  readonly events?: readonly WebhookEvent[] | undefined;
  readonly name?: string | undefined;
  readonly enabled?: boolean | undefined;
}

/** The account has as many endpoints as it may have. */
export interface TooManyWebhooks {
  readonly outcome: "too_many_webhooks";
  readonly limit: number;
}

/** What an account's Durable Object does about its webhook endpoints. Null says that there is no such endpoint. */
export interface WebhookCalls {
  /** The working endpoints that are told this event. */
  webhooksFor(event: WebhookEvent): Promise<readonly WebhookEndpoint[]>;
  /** A working endpoint; null where it is disabled or deleted. */
  webhook(id: string): Promise<WebhookEndpoint | null>;
  /** Records an attempt at a delivery. An endpoint that answered 410, or failed for three days, is disabled. */
  noteDelivery(note: DeliveryNote): Promise<void>;
  createWebhook(endpoint: NewWebhook): Promise<WebhookFacts | TooManyWebhooks>;
  /** The newest first. */
  listWebhooks(): Promise<readonly WebhookFacts[]>;
  changeWebhook(id: string, change: WebhookChange): Promise<WebhookFacts | null>;
  /** Gives an endpoint a new secret. The ones before it sign on for the overlap. */
  rotateWebhook(id: string, secret: string, overlapMs: number): Promise<WebhookFacts | null>;
  /** Deletes an endpoint with its deliveries. False where there is none. */
  deleteWebhook(id: string): Promise<boolean>;
  /** An endpoint, also one that is disabled: a test is sent to it. */
  anyWebhook(id: string): Promise<WebhookEndpoint | null>;
  /** The newest deliveries to an endpoint, newest first. */
  deliveries(id: string): Promise<readonly DeliveryFacts[] | null>;
  delivery(id: string, delivery: string): Promise<DeliveryFacts | null>;
}
