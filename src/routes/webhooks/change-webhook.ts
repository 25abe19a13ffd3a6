import type { Context } from "hono";
import { ChangeWebhookRequest } from "../../../schemas/webhooks.ts";
import { readJsonFields } from "../../request/read-fields.ts";
import { NO_STORE, type OpenRequestedAccount } from "../account-request.ts";
import { noSuchWebhook, refuseUrl, type WebhookDependencies, webhookIdIn } from "./webhook-request.ts";

/** `PUT /v1/webhooks/{id}`: changes an endpoint, or enables it again. */
export const changeWebhookRoute = (open: OpenRequestedAccount, dependencies: WebhookDependencies) =>
  async function changeWebhookRoute(context: Context): Promise<Response> {
    const { timer, deadlineMs } = dependencies;
    const { ask } = await open(context);
    const change = await readJsonFields(context.req.raw, ChangeWebhookRequest, timer(deadlineMs));
    const id = webhookIdIn(context);
    if (change.url !== undefined) refuseUrl(change.url, dependencies);
    const facts = await ask((calls) => calls.changeWebhook(id, change));
    if (!facts) throw noSuchWebhook();
    return context.json(facts, 200, NO_STORE);
  };
