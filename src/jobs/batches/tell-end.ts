import { LIMITS } from "../../../schemas/limits.ts";
import { joinUrl } from "../../net/join-url.ts";
import { untilAborted } from "../../resilience/until-aborted.ts";
import type { Database } from "../../storage/database.ts";
import { batchMessage } from "../../webhooks/outbox/messages.ts";
import { enqueue, type Receiver } from "../../webhooks/outbox/outbox.ts";
import type { Telling } from "../tell.ts";
import type { BatchFacts } from "./calls.ts";

const EVENT = "batch.ended";

/** Where a batch and its results are, under the address of the deployment. */
export function batchLinks({ id, origin }: Pick<BatchFacts, "id" | "origin">) {
  const path = (rest: string) => joinUrl(new URL(origin), `/v1/batches/${id}${rest}`).href;
  return { self: path(""), results: path("/results") };
}

/**
 * Puts the end of a batch into its outbox: for the webhook of its request, and for each endpoint of its account that is
 * told of it. Doing it again changes nothing. Rejects when the account does not answer.
 */
export async function tellEnd(database: Database, facts: BatchFacts, { access, clock, timer }: Telling): Promise<void> {
  const { id, account, webhook, counts, createdAt, canceledAt, endedAt } = facts;
  const isPaid = access.mode === "keys";
  const asked = isPaid ? access.accounts.at(account).webhooksFor(EVENT) : Promise.resolve([]);
  const endpoints = await untilAborted(asked, timer(LIMITS.accountMs));
  const { self, results } = batchLinks(facts);
  const outcome = {
    id,
    state: canceledAt === null ? "ended" : "canceled",
    createdAt,
    endedAt: endedAt ?? clock(),
    counts,
    amount: isPaid ? facts.cost : null,
  };
  const body = batchMessage(outcome, { batch: self, results });
  const receivers: Receiver[] = endpoints.map((endpoint) => ({ endpoint: endpoint.id }));
  if (webhook) receivers.push({ url: webhook.url, secret: webhook.secret });
  database.transaction(() => {
    for (const receiver of receivers) enqueue(database, { subject: id, event: EVENT, receiver, body }, clock());
  });
}
