import type { Context } from "hono";
import { ProblemError } from "../../../schemas/problem.ts";
import { WebhookId } from "../../../schemas/webhooks.ts";
import type { BatchCalls } from "../../jobs/batches/calls.ts";
import type { JobCalls } from "../../jobs/calls.ts";
import { addressErrors } from "../../request/address-errors.ts";
import { refuse } from "../../request/field-problem.ts";
import type { Objects } from "../../storage/durable-objects.ts";
import type { SendDependencies } from "../../webhooks/outbox/send.ts";
import type { AccountDependencies } from "../account-request.ts";

/** What the operations on webhook endpoints need of their deployment. */
export interface WebhookDependencies extends AccountDependencies, SendDependencies {
  /** The jobs and the batches, which keep the messages about themselves. */
  readonly jobs: Objects<Pick<JobCalls, "redeliver">>;
  readonly batches: Objects<Pick<BatchCalls, "redeliver">>;
}

/** The endpoint's id in the path. Throws `not_found` for what is none. */
export function webhookIdIn(context: Context): string {
  const id = context.req.param("id") ?? "";
  if (WebhookId.safeParse(id).success) return id;
  throw noSuchWebhook();
}

export function noSuchWebhook(): ProblemError {
  return new ProblemError("not_found", "The account has no webhook endpoint with this id.");
}

/** Throws `invalid_request` for an address to which nothing may be sent. */
export function refuseUrl(url: string, { allowedOrigins }: Pick<WebhookDependencies, "allowedOrigins">): void {
  refuse(addressErrors("/url", url, allowedOrigins));
}
