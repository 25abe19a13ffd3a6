import type { Context } from "hono";
import type { DeliveriesAnswer } from "../../../schemas/webhooks.ts";
import { NO_STORE, type OpenRequestedAccount } from "../account-request.ts";
import { noSuchWebhook, webhookIdIn } from "./webhook-request.ts";

/** `GET /v1/webhooks/{id}/deliveries`: the last messages to an endpoint, and their attempts. */
export const listDeliveriesRoute = (open: OpenRequestedAccount) =>
  async function listDeliveriesRoute(context: Context): Promise<Response> {
    const { ask } = await open(context);
    const id = webhookIdIn(context);
    const deliveries = await ask((calls) => calls.deliveries(id));
    if (!deliveries) throw noSuchWebhook();
    const answer: DeliveriesAnswer = { deliveries: [...deliveries] };
    return context.json(answer, 200, NO_STORE);
  };
