import type { Context } from "hono";
import { BatchWait } from "../../schemas/batches.ts";
import { readParameters } from "../request/read-fields.ts";
import { NO_STORE } from "./account-request.ts";
import { type BatchDeployment, batchAnswer, openBatch } from "./batch-request.ts";
import { askJob } from "./jobs/ask-job.ts";

/** `GET /v1/batches/{id}`: how far a batch is, as soon as it has ended, or after `wait` seconds. */
export const batchRoute = (deployment: BatchDeployment) =>
  async function batchRoute(context: Context): Promise<Response> {
    const { wait } = readParameters(context.req.url, BatchWait);
    const { facts } = await openBatch(context, deployment, wait * 1000);
    return context.json(batchAnswer(facts), 200, NO_STORE);
  };

/** `DELETE /v1/batches/{id}`: cancels what has not ended. What has ended stays. Repeating it changes nothing. */
export const cancelBatchRoute = (deployment: BatchDeployment) =>
  async function cancelBatchRoute(context: Context): Promise<Response> {
    const { batch, facts } = await openBatch(context, deployment);
    const canceled = await askJob(batch.cancel(), deployment);
    return context.json(batchAnswer(canceled ?? facts), 200, NO_STORE);
  };
