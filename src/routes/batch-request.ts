import type { Context } from "hono";
import type { KeyMode, Scope } from "../../schemas/accounts.ts";
import { type BatchAnswer, BatchId } from "../../schemas/batches.ts";
import { toUsd } from "../../schemas/money.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { testKeysNotAvailable } from "../accounts/key-problem.ts";
import { PUBLIC_ACCOUNT } from "../accounts/public-account.ts";
import type { BatchCalls, BatchFacts } from "../jobs/batches/calls.ts";
import { batchLinks } from "../jobs/batches/tell-end.ts";
import { requireKey } from "../middleware/access.ts";
import type { Objects } from "../storage/durable-objects.ts";
import { askJob } from "./jobs/ask-job.ts";
import { askingAccount } from "./jobs/open-job.ts";
import type { PaidDeployment } from "./paid-deployment.ts";

/** What the operations on batches need of their deployment. */
export interface BatchDeployment extends PaidDeployment {
  readonly batches: Objects<BatchCalls>;
}

/** Who asks: the account, and the SHA-256 of its key; null where `ACCESS` is open. */
export interface BatchCaller {
  readonly account: string;
  readonly key: string | null;
  readonly mode: KeyMode;
}

/** Finds out who asks. Throws a `ProblemError` for a key that may not do this. */
export async function batchCaller(context: Context, deployment: BatchDeployment, scope: Scope): Promise<BatchCaller> {
  if (deployment.access.mode === "open") return { account: PUBLIC_ACCOUNT, key: null, mode: "live" };
  const { account, hash, mode } = await requireKey(context, deployment, scope);
  if (mode === "test" && !deployment.testChains) throw testKeysNotAvailable();
  return { account, key: hash, mode };
}

/**
 * The batch in the path, of the account that asks. Throws `not_found` for any other.
 *
 * @param waitMs for how long to wait for its end
 */
export async function openBatch(
  context: Context,
  deployment: BatchDeployment,
  waitMs = 0,
): Promise<{ readonly batch: BatchCalls; readonly facts: BatchFacts }> {
  const account = await askingAccount(context, deployment);
  const id = context.req.param("id") ?? "";
  if (BatchId.safeParse(id).success) {
    const batch = deployment.batches.at(id);
    const facts = await askJob(batch.facts(0), deployment);
    if (facts?.account === account) {
      const isWaiting = waitMs > 0 && facts.endedAt === null;
      return { batch, facts: (isWaiting && (await askJob(batch.facts(waitMs), deployment, waitMs))) || facts };
    }
  }
  throw new ProblemError("not_found", "The account has no such batch.");
}

/** A batch as callers read it. The secret of its webhook is for the answer to its POST alone. */
export function batchAnswer(facts: BatchFacts, showsSecret = false): BatchAnswer {
  const { id, posts, counts, webhook, endedAt, expiresAt } = facts;
  const timeOf = (time: number | null) => (time === null ? null : new Date(time).toISOString());
  return {
    id,
    state: facts.canceledAt !== null ? "canceled" : endedAt !== null ? "ended" : "running",
    posts,
    counts,
    max_concurrent: facts.maxConcurrent,
    cost_usd: toUsd(facts.cost),
    created_at: new Date(facts.createdAt).toISOString(),
    ended_at: timeOf(endedAt),
    expires_at: timeOf(expiresAt),
    links: batchLinks(facts),
    webhook: webhook && { url: webhook.url, secret: showsSecret ? webhook.secret : null },
  };
}
