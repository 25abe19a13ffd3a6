import type { Context } from "hono";
import { toHex } from "../../../schemas/encodings.ts";
import { ProblemError } from "../../../schemas/problem.ts";
import { CreateWebhookRequest, type NewWebhookAnswer } from "../../../schemas/webhooks.ts";
import { readJsonFields } from "../../request/read-fields.ts";
import { newWebhookSecret } from "../../webhooks/standard-webhooks.ts";
import { NO_STORE, type OpenRequestedAccount } from "../account-request.ts";
import { refuseUrl, type WebhookDependencies } from "./webhook-request.ts";

const ID_BYTES = 12;

/** `POST /v1/webhooks`: a new endpoint, whose secret is shown this once. */
export const createWebhookRoute = (open: OpenRequestedAccount, dependencies: WebhookDependencies) =>
  async function createWebhookRoute(context: Context): Promise<Response> {
    const { timer, deadlineMs, randomBytes } = dependencies;
    const { ask } = await open(context);
    const fields = await readJsonFields(context.req.raw, CreateWebhookRequest, timer(deadlineMs));
    refuseUrl(fields.url, dependencies);
    const secret = newWebhookSecret(randomBytes);
    const endpoint = { ...fields, id: `wh_${toHex(randomBytes(ID_BYTES))}`, secret };
    const facts = await ask((calls) => calls.createWebhook(endpoint));
    if ("outcome" in facts) {
      const detail = `The account has ${facts.limit} webhook endpoints, which is the limit.`;
      throw new ProblemError("too_many_webhooks", detail);
    }
    const answer: NewWebhookAnswer = { secret, ...facts };
    return context.json(answer, 201, NO_STORE);
  };
