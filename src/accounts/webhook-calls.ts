import type { DeliveryNote } from "../../schemas/delivery-note.ts";
import type { DeliveryFacts, WebhookEvent, WebhookFacts } from "../../schemas/webhooks.ts";

export type { DeliveryNote };

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
