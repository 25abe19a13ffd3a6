import type { Context } from "hono";
import { NO_STORE, type OpenRequestedAccount } from "../account-request.ts";
import { noSuchWebhook, webhookIdIn } from "./webhook-request.ts";

/** `DELETE /v1/webhooks/{id}`: deletes an endpoint with the list of its deliveries. */
export const deleteWebhookRoute = (open: OpenRequestedAccount) =>
  async function deleteWebhookRoute(context: Context): Promise<Response> {
    const { ask } = await open(context);
    const id = webhookIdIn(context);
    if (!(await ask((calls) => calls.deleteWebhook(id)))) throw noSuchWebhook();
    return context.body(null, 204, NO_STORE);
  };
