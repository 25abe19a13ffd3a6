import { ALWAYS, JSON_BODY, KEY, type Operation } from "./operation.ts";
import * as examples from "./webhook-examples.ts";
import {
  ChangeWebhookRequest,
  CreateWebhookRequest,
  DeliveriesAnswer,
  DeliveryFacts,
  NewWebhookAnswer,
  RotateWebhookRequest,
  WebhookFacts,
  WebhooksAnswer,
  WebhookTestAnswer,
} from "./webhooks.ts";

const ADMIN = { tag: "webhooks", access: "admin" } as const;
const ID = { id: "The endpoint's id, `wh_…`." };
const PROBLEMS = [...KEY, "scope_missing", "not_found", ...ALWAYS] as const;
const [DELIVERY] = examples.DELIVERIES.deliveries;
const base = "/v1/webhooks";

/** The operations on an account's webhook endpoints. */
export const WEBHOOK_OPERATIONS: readonly Operation[] = [
  {
    id: "createWebhook",
    method: "post",
    path: base,
    ...ADMIN,
    summary: "Register an address that is told how jobs end",
    description:
      "Returns a new webhook endpoint with its secret, which is shown this once. Each message to it is signed by the " +
      "Standard Webhooks specification. The address must be https and public.",
    request: {
      name: "CreateWebhookRequest",
      schema: CreateWebhookRequest,
      examples: {
        desk: {
          url: examples.WEBHOOK.url,
          name: examples.WEBHOOK.name,
          events: examples.WEBHOOK.events,
        },
      },
      form: false,
    },
    created: true,
    answer: { name: "NewWebhookAnswer", schema: NewWebhookAnswer, example: examples.NEW_WEBHOOK },
    problems: [...PROBLEMS, ...JSON_BODY, "too_many_webhooks"],
  },
  {
    id: "listWebhooks",
    method: "get",
    path: base,
    ...ADMIN,
    summary: "List the webhook endpoints of the account",
    description: "Returns every endpoint, newest first, without its secret, and why a disabled one was disabled.",
    answer: { name: "WebhooksAnswer", schema: WebhooksAnswer, example: examples.WEBHOOKS },
    problems: PROBLEMS,
  },
  {
    id: "changeWebhook",
    method: "put",
    path: `${base}/{id}`,
    ...ADMIN,
    pathParameters: ID,
    summary: "Change a webhook endpoint, or enable it again",
    description:
      "Changes the fields that are sent. `enabled: true` has a disabled endpoint told again. What it was not told " +
      "meanwhile can be replayed.",
    request: {
      name: "ChangeWebhookRequest",
      schema: ChangeWebhookRequest,
      examples: { enable: { enabled: true } },
      form: false,
    },
    answer: { name: "WebhookFacts", schema: WebhookFacts, example: examples.WEBHOOK },
    problems: [...PROBLEMS, ...JSON_BODY],
  },
  {
    id: "deleteWebhook",
    method: "delete",
    path: `${base}/{id}`,
    ...ADMIN,
    pathParameters: ID,
    summary: "Delete a webhook endpoint",
    description: "Deletes an endpoint with the list of its deliveries. It gets nothing more.",
    problems: PROBLEMS,
  },
  {
    id: "rotateWebhook",
    method: "post",
    path: `${base}/{id}/rotate`,
    ...ADMIN,
    pathParameters: ID,
    summary: "Replace the secret of a webhook endpoint",
    description:
      "Returns the endpoint with a new secret, which is shown this once. For `overlap_seconds` each message is " +
      "also signed by the old secret, so that the receiver can change without a failure.",
    request: {
      name: "RotateWebhookRequest",
      schema: RotateWebhookRequest,
      examples: { day: { overlap_seconds: 86400 } },
      form: false,
      optional: true,
    },
    created: true,
    answer: { name: "NewWebhookAnswer", schema: NewWebhookAnswer, example: examples.ROTATED },
    problems: [...PROBLEMS, ...JSON_BODY],
  },
  {
    id: "listDeliveries",
    method: "get",
    path: `${base}/{id}/deliveries`,
    ...ADMIN,
    pathParameters: ID,
    summary: "List the last deliveries to a webhook endpoint",
    description: "Returns the last 100 messages of at most 30 days, newest first, with their attempts.",
    answer: { name: "DeliveriesAnswer", schema: DeliveriesAnswer, example: examples.DELIVERIES },
    problems: PROBLEMS,
  },
  {
    id: "replayDelivery",
    method: "post",
    path: `${base}/{id}/deliveries/{delivery}/replay`,
    ...ADMIN,
    pathParameters: { ...ID, delivery: "The message's id, `msg_…`." },
    summary: "Send a message again",
    description:
      "Has a message sent again soon, with the same `webhook-id`, while what it is about is still known. Returns what " +
      "became of it so far.",
    accepted: true,
    answer: { name: "DeliveryFacts", schema: DeliveryFacts, example: DELIVERY },
    problems: [...PROBLEMS, "deadline_exceeded"],
  },
  {
    id: "testWebhook",
    method: "post",
    path: `${base}/{id}/test`,
    ...ADMIN,
    pathParameters: ID,
    summary: "Send a test message to a webhook endpoint",
    description:
      "Sends a signed message of the type `ping` now, once, also to a disabled endpoint, and returns what became of it.",
    answer: { name: "WebhookTestAnswer", schema: WebhookTestAnswer, example: examples.TESTED },
    problems: PROBLEMS,
  },
];
