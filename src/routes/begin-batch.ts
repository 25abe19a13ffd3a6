import type { Context } from "hono";
import { ProblemError } from "../../schemas/problem.ts";
import { acceptLines, BatchPictures } from "../jobs/batches/accept-batch.ts";
import type { BatchFacts, BatchOrder } from "../jobs/batches/calls.ts";
import type { BatchBody } from "../jobs/batches/read-batch.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { BatchDeployment } from "./batch-request.ts";
import { askJob } from "./jobs/ask-job.ts";

/** A batch that is to begin, its lines and files. */
export interface Beginning {
  readonly order: BatchOrder;
  readonly body: BatchBody;
  /** Of each post whose line has none. */
  readonly deadlineMs: number | undefined;
  readonly signal: AbortSignal;
  readonly context: Context<RequestVariables>;
  readonly deployment: BatchDeployment;
}

export interface Begun {
  readonly facts: BatchFacts;
  readonly isRepeat: boolean;
}

/** Begins a batch that cannot be asked for again. Where its caller is not told of it, nothing of it stays. */
export async function beginOnce(beginning: Beginning): Promise<Begun> {
  const { order, context, deployment } = beginning;
  const batch = deployment.batches.at(order.id);
  const pictures = new BatchPictures(deployment.jobPictures, order.account);
  try {
    await store(beginning, pictures);
    return { facts: await factsOf(beginning), isRepeat: false };
  } catch (error) {
    // It may have begun all the same, and must not run for nothing.
    const ending = Promise.allSettled([batch.cancel()]).then(() => pictures.delete());
    context.executionCtx.waitUntil(ending.catch(() => undefined));
    throw error;
  }
}

/**
 * Begins a batch under an `Idempotency-Key`, or finds the one that began before. Another request with the key could
 * store other pictures under the same names, so one request at a time may store pictures.
 */
export async function beginRepeatable(beginning: Beginning): Promise<Begun> {
  const known = await findKnown(beginning);
  if (known) return { facts: known, isRepeat: true };
  const { order, body, context, deployment } = beginning;
  const { jobPictures } = deployment;
  const { id, account } = order;
  const hasFiles = body.files !== null && body.files.size > 0;
  if (!hasFiles) return beginKnown(beginning, new BatchPictures(jobPictures, account));
  const claiming = jobPictures.claim(account, id, context.get("requestId"), deployment.clock(), claimEnd(deployment));
  if (!(await untilAborted(claiming, beginning.signal))) throw inFlight(id);
  const pictures = new BatchPictures(jobPictures, account);
  const goOnBehind = (work: Promise<void>) => context.executionCtx.waitUntil(work.catch(() => undefined));
  try {
    // The request that had the claim before may have begun the batch.
    const since = await findKnown(beginning);
    const begun = since ? { facts: since, isRepeat: true } : await beginKnown(beginning, pictures);
    goOnBehind(endClaim(beginning));
    return begun;
  } catch (error) {
    goOnBehind(deleteUnused(beginning, pictures).then(() => endClaim(beginning)));
    throw error;
  }
}

/** When a claim that is made or kept now ends by itself: the request ends before, and so does a deletion in R2. */
function claimEnd({ clock, deadlineMs }: BatchDeployment): number {
  return clock() + 2 * deadlineMs;
}

/** Has the request's claim end, unless it ended before and another request has one. */
function endClaim({ order, context, deployment }: Beginning): Promise<void> {
  const { id, account } = order;
  return deployment.jobPictures.unclaim(account, id, context.get("requestId"), claimEnd(deployment));
}

/** Stores the pictures of a batch and begins it, or finds that the same batch began meanwhile. */
async function beginKnown(beginning: Beginning, pictures: BatchPictures): Promise<Begun> {
  const begun = await store(beginning, pictures);
  if (begun === "reused") throw keyReused(beginning.order.id);
  return { facts: await factsOf(beginning), isRepeat: begun === "known" };
}

/**
 * Deletes the pictures of a request that failed, unless a batch with them has begun all the same, or another request
 * has claimed their names meanwhile.
 */
async function deleteUnused({ order, context, deployment }: Beginning, pictures: BatchPictures): Promise<void> {
  const { id, account, digest } = order;
  const facts = await deployment.batches.at(id).facts(0);
  if (facts?.digest === digest) return;
  await pictures.settled();
  const isOwn = await deployment.jobPictures.keepClaim(account, id, context.get("requestId"), claimEnd(deployment));
  if (isOwn) await pictures.delete();
}

async function store({ order, body, deadlineMs, signal, deployment }: Beginning, pictures: BatchPictures) {
  const lines = await acceptLines(body, { id: order.id, deadlineMs }, pictures, signal);
  return untilAborted(deployment.batches.at(order.id).begin({ ...order, lines }), signal);
}

/** The batch that began before; null where none has. Throws a `ProblemError` where it was asked something else. */
async function findKnown({ order, deployment }: Beginning): Promise<BatchFacts | null> {
  const facts = await askJob(deployment.batches.at(order.id).facts(0), deployment);
  if (facts && facts.digest !== order.digest) throw keyReused(order.id);
  return facts;
}

async function factsOf({ order, deployment }: Beginning): Promise<BatchFacts> {
  const facts = await askJob(deployment.batches.at(order.id).facts(0), deployment);
  if (!facts) throw new Error("a batch that began is not known");
  return facts;
}

function keyReused(id: string): ProblemError {
  const detail = `${id} had this Idempotency-Key and other posts, files or parameters.`;
  return new ProblemError("idempotency_key_reused", detail, { first_request_id: id });
}

function inFlight(id: string): ProblemError {
  const detail = `${id} has the same Idempotency-Key, and another request is storing its files.`;
  return new ProblemError("request_in_flight", detail, { first_request_id: id }, { "Retry-After": "1" });
}
