import type { Context } from "hono";
import { BatchParameters } from "../../schemas/batches.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { digestOf } from "../jobs/batches/accept-batch.ts";
import type { BatchOrder } from "../jobs/batches/calls.ts";
import { readBatch } from "../jobs/batches/read-batch.ts";
import type { JobWebhook } from "../jobs/calls.ts";
import { type RequestVariables, ulid } from "../middleware/request-id.ts";
import { deploymentUrl } from "../net/deployment-url.ts";
import { openClaim } from "../pipeline/run.ts";
import { addressErrors } from "../request/address-errors.ts";
import { drain } from "../request/drain.ts";
import { refuse } from "../request/field-problem.ts";
import { readIdempotencyKey } from "../request/idempotency-key.ts";
import { readParameters } from "../request/read-fields.ts";
import type { Claim } from "../resilience/memory-budget.ts";
import { sha256 } from "../storage/digest.ts";
import { newWebhookSecret } from "../webhooks/standard-webhooks.ts";
import { NO_STORE } from "./account-request.ts";
import { type BatchCaller, type BatchDeployment, batchAnswer, batchCaller } from "./batch-request.ts";
import { beginOnce, beginRepeatable } from "./begin-batch.ts";
import { paidRoute } from "./paid-route.ts";

type BatchContext = Context<RequestVariables>;

/**
 * `POST /v1/batches`: many posts in one request. 202 as soon as they are stored. Nothing is admitted here: each post is
 * admitted when its turn comes. A repeat with the same `Idempotency-Key` gets the same batch.
 */
export const createBatchRoute = (deployment: BatchDeployment) =>
  paidRoute(async function createBatchRoute(context) {
    const caller = await batchCaller(context, deployment, "recognize");
    const signal = AbortSignal.any([context.req.raw.signal, deployment.timer(deployment.deadlineMs)]);
    const claim = openClaim(deployment);
    try {
      return await createBatch(context, deployment, { caller, signal, claim });
    } catch (error) {
      await drain(context.req.raw, signal);
      throw error;
    } finally {
      claim.end();
    }
  });

interface Creating {
  readonly caller: BatchCaller;
  readonly signal: AbortSignal;
  readonly claim: Claim;
}

async function createBatch(context: BatchContext, deployment: BatchDeployment, creating: Creating) {
  const { caller, signal, claim } = creating;
  const { publicUrl } = deployment;
  const repeatKey = readIdempotencyKey(context.req.header("idempotency-key"));
  const parameters = readParameters(context.req.url, BatchParameters);
  const webhook = parameters.webhook_url === undefined ? null : webhookAt(parameters.webhook_url, deployment);
  const body = await readBatch(context.req.raw, signal, claim);
  const digest = await digestOf(body, parameters);
  const id = repeatKey === null ? context.get("requestId") : await repeatableId(caller, repeatKey, digest);
  const order: BatchOrder = {
    id,
    ...caller,
    digest,
    origin: deploymentUrl(publicUrl, context.req.url).href,
    maxConcurrent: parameters.max_concurrent,
    keepSeconds: LIMITS.resultSeconds,
    webhook,
    lines: [],
  };
  const begin = { order, body, deadlineMs: parameters.deadline_ms, signal, context, deployment };
  const { facts, isRepeat } = await (repeatKey === null ? beginOnce(begin) : beginRepeatable(begin));
  if (isRepeat) context.header("Idempotent-Replayed", "true");
  const answer = batchAnswer(facts, true);
  return context.json(answer, 202, { ...NO_STORE, Location: answer.links.self });
}

/**
 * The id of a batch under an `Idempotency-Key`: the same for the same key of the account. Where there are no accounts,
 * callers share their keys: the id then follows from the content too, so that only who knows both reaches the batch.
 */
async function repeatableId({ account, key }: BatchCaller, repeatKey: string, content: string): Promise<string> {
  const named = ["batch", account, key, repeatKey, ...(key === null ? [content] : [])];
  const digest = await sha256(JSON.stringify(named));
  const bytes = Uint8Array.from({ length: 16 }, (_, index) =>
    Number.parseInt(digest.slice(2 * index, 2 * index + 2), 16),
  );
  const first = bytes.subarray(0, 6).reduce((number, byte) => number * 256 + byte, 0);
  return `req_${ulid(first, bytes.subarray(6))}`;
}

/** Where the end of a batch is told, with a new secret. Throws a `ProblemError` for an address that is not public. */
function webhookAt(url: string, { allowedOrigins, randomBytes }: BatchDeployment): JobWebhook {
  refuse(addressErrors("/webhook_url", url, allowedOrigins));
  return { url, events: ["batch.ended"], secret: newWebhookSecret(randomBytes) };
}
