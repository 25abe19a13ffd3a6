import type { Context } from "hono";
import { type NewWebhookAnswer, RotateWebhookRequest } from "../../../schemas/webhooks.ts";
import { readJsonFields } from "../../request/read-fields.ts";
import { newWebhookSecret } from "../../webhooks/standard-webhooks.ts";
import { NO_STORE, type OpenRequestedAccount } from "../account-request.ts";
import { noSuchWebhook, type WebhookDependencies, webhookIdIn } from "./webhook-request.ts";

/** `POST /v1/webhooks/{id}/rotate`: a new secret. The old one signs too for the overlap. */
export const rotateWebhookRoute = (
  open: OpenRequestedAccount,
  { timer, deadlineMs, randomBytes }: WebhookDependencies,
) =>
  async function rotateWebhookRoute(context: Context): Promise<Response> {
    const { ask } = await open(context);
    const { overlap_seconds } = await readJsonFields(context.req.raw, RotateWebhookRequest, timer(deadlineMs));
    const id = webhookIdIn(context);
    const secret = newWebhookSecret(randomBytes);
    const facts = await ask((calls) => calls.rotateWebhook(id, secret, overlap_seconds * 1000));
    if (!facts) throw noSuchWebhook();
    const answer: NewWebhookAnswer = { secret, ...facts };
    return context.json(answer, 201, NO_STORE);
  };
