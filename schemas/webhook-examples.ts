import type {
  DeliveriesAnswer,
  NewWebhookAnswer,
  WebhookFacts,
  WebhooksAnswer,
  WebhookTestAnswer,
} from "./webhooks.ts";

/** Examples of the operations on webhook endpoints. */
export const WEBHOOK: WebhookFacts = {
  id: "wh_6f1c0a9be2d84f3b57a1c0de",
  url: "https://example.com/namesight",
  name: "newsroom desk",
  events: ["job.succeeded", "job.failed"],
  created_at: "2026-11-26T12:00:00.000Z",
  enabled: true,
  disabled_at: null,
  disabled_reason: null,
  failing_since: null,
  overlap_until: null,
};
export const WEBHOOKS: WebhooksAnswer = { webhooks: [WEBHOOK] };
/** The base64 of 32 bytes of zero: nothing is signed with it. */
export const NEW_WEBHOOK: NewWebhookAnswer = { secret: `whsec_${"A".repeat(43)}=`, ...WEBHOOK };
export const ROTATED: NewWebhookAnswer = { ...NEW_WEBHOOK, overlap_until: "2026-11-27T12:00:00.000Z" };
export const DELIVERIES: DeliveriesAnswer = {
  deliveries: [
    {
      id: "msg_01KB2Q4V8N0000000000000000",
      event: "job.succeeded",
      subject: "req_01KB2Q4V8N0000000000000000",
      state: "pending",
      created_at: "2026-11-26T12:00:00.000Z",
      attempts: [
        {
          attempt: 1,
          at: "2026-11-26T12:00:00.000Z",
          status: 503,
          error: "answered HTTP 503",
          next_at: "2026-11-26T12:00:05.400Z",
        },
      ],
    },
  ],
};
export const TESTED: WebhookTestAnswer = {
  id: "msg_01KB2Q4V8N0000000000000001",
  delivered: true,
  status: 204,
  ms: 84,
  error: null,
};
