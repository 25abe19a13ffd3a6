import type { Context } from "hono";
import { toHex } from "../../../schemas/encodings.ts";
import type { WebhookTestAnswer } from "../../../schemas/webhooks.ts";
import { pingMessage } from "../../webhooks/outbox/messages.ts";
import { sendWebhook } from "../../webhooks/outbox/send.ts";
import { NO_STORE, type OpenRequestedAccount } from "../account-request.ts";
import { noSuchWebhook, type WebhookDependencies, webhookIdIn } from "./webhook-request.ts";

const ID_BYTES = 16;

/** `POST /v1/webhooks/{id}/test`: a signed message now, and what became of it. */
export const testWebhookRoute = (open: OpenRequestedAccount, dependencies: WebhookDependencies) =>
  async function testWebhookRoute(context: Context): Promise<Response> {
    const { clock, randomBytes } = dependencies;
    const { ask } = await open(context);
    const endpoint = await ask((calls) => calls.anyWebhook(webhookIdIn(context)));
    if (!endpoint) throw noSuchWebhook();
    const at = clock();
    const id = `msg_${toHex(randomBytes(ID_BYTES))}`;
    const message = { id, body: pingMessage(endpoint.id, at) };
    const { status, error, ms } = await sendWebhook(endpoint, message, dependencies);
    const note = { endpoint: endpoint.id, delivery: id, subject: null, event: "ping", attempt: 1, at, nextAt: null };
    // The message was sent, whether the account can write it down or not.
    await ask((calls) => calls.noteDelivery({ ...note, status, error })).catch(() => undefined);
    const answer: WebhookTestAnswer = { id, delivered: error === null, status, ms, error };
    return context.json(answer, 200, NO_STORE);
  };
