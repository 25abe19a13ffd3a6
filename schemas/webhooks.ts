import * as z from "zod/mini";
import { LIMITS } from "./limits.ts";

/** The events that a webhook is told. */
export const WebhookEvent = z.enum(["job.succeeded", "job.failed", "job.canceled", "job.expired", "batch.ended"]);
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
  events: z.optional(z.array(WebhookEvent).check(z.minLength(1), z.maxLength(WebhookEvent.options.length))),
  /** The secret that signs the messages. Without it, the 202 response has one, once. */
  secret: z.optional(WebhookSecret),
});
export type RequestWebhook = z.infer<typeof RequestWebhook>;
