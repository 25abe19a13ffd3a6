import type { Context } from "hono";
import { LIMITS } from "../../../schemas/limits.ts";
import { ProblemError } from "../../../schemas/problem.ts";
import { describeError } from "../../observe/log.ts";
import { untilAborted } from "../../resilience/until-aborted.ts";
import { NO_STORE, type OpenRequestedAccount } from "../account-request.ts";
import { type WebhookDependencies, webhookIdIn } from "./webhook-request.ts";

/** `POST /v1/webhooks/{id}/deliveries/{delivery}/replay`: the job or batch that keeps a message sends it again. */
export const replayDeliveryRoute = (open: OpenRequestedAccount, { jobs, batches, timer, log }: WebhookDependencies) =>
  async function replayDeliveryRoute(context: Context): Promise<Response> {
    const { ask } = await open(context);
    const id = webhookIdIn(context);
    const message = context.req.param("delivery") ?? "";
    const delivery = await ask((calls) => calls.delivery(id, message));
    if (!delivery) throw new ProblemError("not_found", "The endpoint has no delivery with this id.");
    const { subject, event } = delivery;
    const keeper = subject !== null && (event === "batch.ended" ? batches : jobs).at(subject);
    const redelivered = keeper && untilAborted(keeper.redeliver(message), timer(LIMITS.accountMs));
    const isSent = await Promise.resolve(redelivered).catch((error) => {
      log({ event: "delivery_not_repeated", ...describeError(error) });
      throw new ProblemError("deadline_exceeded", "What keeps the message did not answer in time.");
    });
    if (!isSent) throw new ProblemError("not_found", "The message is no longer kept, or was a test.");
    return context.json(delivery, 202, NO_STORE);
  };
