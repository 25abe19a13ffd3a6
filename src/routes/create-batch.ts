import type { Context } from "hono";
import { BatchParameters } from "../../schemas/batches.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { acceptLines, digestOf } from "../jobs/batches/accept-batch.ts";
import type { BatchOrder } from "../jobs/batches/calls.ts";
import { readBatch } from "../jobs/batches/read-batch.ts";
import type { JobWebhook } from "../jobs/calls.ts";
import { type RequestVariables, ulid } from "../middleware/request-id.ts";
import { whyNotAllowed } from "../net/guarded-post.ts";
import { openClaim } from "../pipeline/run.ts";
import { drain } from "../request/drain.ts";
import { refuse } from "../request/field-problem.ts";
import { readIdempotencyKey } from "../request/idempotency-key.ts";
import { readParameters } from "../request/read-fields.ts";
import type { Claim } from "../resilience/memory-budget.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import { sha256 } from "../storage/digest.ts";
import { newWebhookSecret } from "../webhooks/standard-webhooks.ts";
import { NO_STORE } from "./account-request.ts";
import { type BatchCaller, type BatchDeployment, batchAnswer, batchCaller } from "./batch-request.ts";
import { askJob } from "./jobs/ask-job.ts";
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
  const { batches, publicUrl, jobPictures } = deployment;
  const repeatKey = readIdempotencyKey(context.req.header("idempotency-key"));
  const parameters = readParameters(context.req.url, BatchParameters);
  const webhook = parameters.webhook_url === undefined ? null : webhookAt(parameters.webhook_url, deployment);
  const body = await readBatch(context.req.raw, signal, claim);
  const id = repeatKey === null ? context.get("requestId") : await repeatableId(caller, repeatKey);
  const digest = await digestOf(body, parameters);
  const batch = batches.at(id);
  // A repeat must not store pictures again that nobody would delete.
  const known = repeatKey === null ? null : await askJob(batch.facts(0), deployment);
  if (known && known.digest !== digest) throw keyReused(id);
  let isRepeat = known !== null;
  if (!known) {
    const { max_concurrent: maxConcurrent, deadline_ms: deadlineMs } = parameters;
    const facts = { id, account: caller.account, ...(deadlineMs === undefined ? {} : { deadlineMs }) };
    const order: BatchOrder = {
      id,
      ...caller,
      digest,
      origin: (publicUrl ?? new URL(new URL(context.req.url).origin)).href,
      maxConcurrent,
      keepSeconds: LIMITS.resultSeconds,
      webhook,
      lines: await acceptLines(body, facts, jobPictures, signal),
    };
    const begun = await untilAborted(batch.begin(order), signal);
    if (begun === "reused") throw keyReused(id);
    isRepeat = begun === "known";
  }
  const facts = known ?? (await askJob(batch.facts(0), deployment));
  if (!facts) throw new Error("a batch that began is not known");
  if (isRepeat) context.header("Idempotent-Replayed", "true");
  return context.json(batchAnswer(facts, true), 202, { ...NO_STORE, Location: `/v1/batches/${id}` });
}

/** The id of a batch under an `Idempotency-Key`: the same for the same key of the account. */
async function repeatableId({ account, key }: BatchCaller, repeatKey: string): Promise<string> {
  const digest = await sha256(JSON.stringify(["batch", account, key, repeatKey]));
  const bytes = Uint8Array.from({ length: 16 }, (_, index) =>
    Number.parseInt(digest.slice(2 * index, 2 * index + 2), 16),
  );
  const first = bytes.subarray(0, 6).reduce((number, byte) => number * 256 + byte, 0);
  return `req_${ulid(first, bytes.subarray(6))}`;
}

/** Where the end of a batch is told, with a new secret. Throws a `ProblemError` for an address that is not public. */
function webhookAt(url: string, { allowedOrigins, randomBytes }: BatchDeployment): JobWebhook {
  const reason = whyNotAllowed(url, allowedOrigins);
  if (reason !== null) refuse([{ pointer: "/webhook_url", detail: reason }]);
  return { url, events: ["batch.ended"], secret: newWebhookSecret(randomBytes) };
}

function keyReused(id: string): ProblemError {
  const detail = `${id} had this Idempotency-Key and other posts, files or parameters.`;
  return new ProblemError("idempotency_key_reused", detail, { first_request_id: id });
}
