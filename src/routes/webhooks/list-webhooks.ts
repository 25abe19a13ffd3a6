import type { Context } from "hono";
import type { WebhooksAnswer } from "../../../schemas/webhooks.ts";
import { NO_STORE, type OpenRequestedAccount } from "../account-request.ts";

/** `GET /v1/webhooks`: the endpoints of the account, without their secrets. */
export const listWebhooksRoute = (open: OpenRequestedAccount) =>
  async function listWebhooksRoute(context: Context): Promise<Response> {
    const { ask } = await open(context);
    const answer: WebhooksAnswer = { webhooks: [...(await ask((calls) => calls.listWebhooks()))] };
    return context.json(answer, 200, NO_STORE);
  };
