import * as z from "zod/mini";
import { LIMITS } from "./limits.ts";
import { OverlapSeconds } from "./primitives.ts";

/** The events of a job: the webhook of a request is told no others. */
export const JobEvent = z.enum(["job.succeeded", "job.failed", "job.canceled", "job.expired"]);

/** The events that an endpoint of an account is told. */
export const WebhookEvent = z.enum([...JobEvent.options, "batch.ended"]);
export type WebhookEvent = z.infer<typeof WebhookEvent>;

/** A secret of Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes. */
export const WebhookSecret = z
  .string()
  .check(
    z.regex(
      /^whsec_([A-Za-z0-9+/]{4}){8,20}([A-Za-z0-9+/]{3}=?|([A-Za-z0-9+/]{4})?([A-Za-z0-9+/]{2}(==)?)?)$/,
      "must be whsec_ and the base64 of 24 to 64 bytes",
    ),
  );

/** Where to tell the end of one request. */
export const RequestWebhook = z.strictObject({
  /** An https address of the public internet. */
  url: z.string().check(z.minLength(1), z.maxLength(LIMITS.webhookUrlLength)),
  /** Which ends are told. Without it, all. */
  events: z.optional(z.array(JobEvent).check(z.minLength(1), z.maxLength(JobEvent.options.length))),
  /** The secret that signs the messages. Without it, the 202 response has one, once. */
  secret: z.optional(WebhookSecret),
});
export type RequestWebhook = z.infer<typeof RequestWebhook>;

/** The id of a webhook endpoint. */
export const WebhookId = z
  .string()
  .check(z.regex(/^wh_[0-9a-f]{24}$/, "must be the id of a webhook endpoint: wh_ and 24 hexadecimal digits"));

/** Why an endpoint gets nothing: it answered 410, all deliveries failed for three days, or its owner disabled it. */
export const DisabledReason = z.enum(["gone", "failing", "owner"]);
export type DisabledReason = z.infer<typeof DisabledReason>;

/** Times are ISO 8601 in UTC. */
const Time = z.string();

/** An address of the account that is told how jobs and batches end, without the secret that signs the messages. */
export const WebhookFacts = z.object({
  /** The endpoint's id, `wh_…`. */
  id: z.string(),
  /** Where messages are posted. */
  url: z.string(),
  /** The caller's own name for it. */
  name: z.string(),
  /** What it is told. */
  events: z.array(WebhookEvent),
  created_at: Time,
  /** Whether it is told anything. */
  enabled: z.boolean(),
  /** When it was disabled; null while it is enabled. */
  disabled_at: z.nullable(Time),
  /** Why it was disabled; null while it is enabled. */
  disabled_reason: z.nullable(DisabledReason),
  /** Since when every delivery has failed; null while the last one did not. */
  failing_since: z.nullable(Time),
  /** When the secrets that a rotation replaced stop signing; null where there is one secret. */
  overlap_until: z.nullable(Time),
});
export type WebhookFacts = z.infer<typeof WebhookFacts>;

const EndpointFields = {
  /** An https address of the public internet. */
  url: z.string().check(z.minLength(1), z.maxLength(LIMITS.webhookUrlLength)),
  /** What the endpoint is told. */
  events: z.array(WebhookEvent).check(z.minLength(1), z.maxLength(WebhookEvent.options.length)),
  /** A name by which you know the endpoint. */
  name: z.string().check(z.maxLength(LIMITS.keyNameLength)),
};

/**
 * A new webhook endpoint.
 *
 * @example { "url": "https://example.com/namesight", "events": ["job.succeeded", "job.failed"] }
 */
export const CreateWebhookRequest = z.strictObject({
  url: EndpointFields.url,
  events: z._default(EndpointFields.events, [...WebhookEvent.options]),
  name: z._default(EndpointFields.name, ""),
});
export type CreateWebhookRequest = z.infer<typeof CreateWebhookRequest>;

/**
 * A change of a webhook endpoint. What is left out stays as it is.
 *
 * @example { "enabled": true }
 */
export const ChangeWebhookRequest = z.strictObject({
  url: z.optional(EndpointFields.url),
  events: z.optional(EndpointFields.events),
  name: z.optional(EndpointFields.name),
  /** True has a disabled endpoint told again, from the next event on; false disables it. */
  enabled: z.optional(z.boolean()),
});
export type ChangeWebhookRequest = z.infer<typeof ChangeWebhookRequest>;

/**
 * A new secret for a webhook endpoint. For the overlap, messages are signed with the old one too.
 *
 * @example { "overlap_seconds": 86400 }
 */
export const RotateWebhookRequest = z.strictObject({
  /** For how many seconds the old secret still signs. 0 ends it at once. */
  overlap_seconds: OverlapSeconds,
});
export type RotateWebhookRequest = z.infer<typeof RotateWebhookRequest>;

/** A webhook endpoint with its secret, which is shown this once. */
export const NewWebhookAnswer = z.object({
  /** Verifies the messages: `whsec_…`. Keep it: it cannot be shown again. */
  secret: WebhookSecret,
  ...WebhookFacts.shape,
});
export type NewWebhookAnswer = z.infer<typeof NewWebhookAnswer>;

/** The webhook endpoints of an account, newest first. */
export const WebhooksAnswer = z.object({
  /** The endpoints, disabled ones too. */
  webhooks: z.array(WebhookFacts),
});
export type WebhooksAnswer = z.infer<typeof WebhooksAnswer>;

/** What became of one attempt at a delivery. */
export const DeliveryAttempt = z.object({
  /** 1, 2, … */
  attempt: z.int(),
  at: Time,
  /** The status of the receiver's response; null without one. */
  status: z.nullable(z.int()),
  /** Why it failed; null where it did not. */
  error: z.nullable(z.string()),
  /** When it is tried again; null when it is not. */
  next_at: z.nullable(Time),
});
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>;

/** One message to a webhook endpoint. */
export const DeliveryFacts = z.object({
  /** The message's id, `msg_…`: the header `webhook-id` of every attempt. */
  id: z.string(),
  /** The event, or `ping` for a test. */
  event: z.string(),
  /** The job or the batch that it is about; null for a test. */
  subject: z.nullable(z.string()),
  /** Whether the last attempt delivered it, it is tried again, or nothing more is done. */
  state: z.enum(["delivered", "pending", "failed"]),
  /** When it was first tried. */
  created_at: Time,
  /** The attempts, newest first. */
  attempts: z.array(DeliveryAttempt),
});
export type DeliveryFacts = z.infer<typeof DeliveryFacts>;

/** The newest deliveries to a webhook endpoint, newest first. */
export const DeliveriesAnswer = z.object({
  /** The messages. */
  deliveries: z.array(DeliveryFacts),
});
export type DeliveriesAnswer = z.infer<typeof DeliveriesAnswer>;

/** What became of a test message. */
export const WebhookTestAnswer = z.object({
  /** The message's id, `msg_…`. */
  id: z.string(),
  /** Whether the receiver answered with 2xx. */
  delivered: z.boolean(),
  /** The status of the receiver's response; null without one. */
  status: z.nullable(z.int()),
  /** Milliseconds until the response. */
  ms: z.number(),
  /** Why it failed; null where it did not. */
  error: z.nullable(z.string()),
});
export type WebhookTestAnswer = z.infer<typeof WebhookTestAnswer>;
