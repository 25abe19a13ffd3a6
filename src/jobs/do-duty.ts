import { isEnd, type JobEnd } from "../../schemas/jobs.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { NO_UNITS } from "../../schemas/prices.ts";
import { deploymentFor } from "../pipeline/deployment.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Database } from "../storage/database.ts";
import { isMask } from "../storage/mask-store.ts";
import { dropUnsent, forgetSent } from "../webhooks/outbox/outbox.ts";
import { looseCalls, tieUp } from "./checkpoints.ts";
import type { JobDeployment } from "./deployment.ts";
import { type Duty, hasDuty } from "./duties.ts";
import { forgetFindings, readJob } from "./record.ts";
import { isStored } from "./run-job.ts";
import { tell } from "./tell.ts";

/** What doing a duty needs. */
export interface DutyWork {
  readonly database: Database;
  readonly deployment: JobDeployment;
  /** Takes work that goes on behind it. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** Does one duty of a job that has ended. Doing it again changes nothing. Rejects when it has to be done again. */
export async function doDuty(duty: Exclude<Duty, "clear">, work: DutyWork): Promise<void> {
  switch (duty) {
    case "settle":
      return settle(work);
    case "stop":
      return stop(work);
    case "tell_batch":
      return tellBatch(work);
    case "tell_chat":
      return tellChat(work);
    case "tell_endpoints":
      return tellEndpoints(work);
    case "delete_left":
      return deleteLeft(work);
    case "forget":
      return forget(work);
  }
}

/** Tells the account what was delivered, or that nothing was. */
async function settle(work: DutyWork): Promise<void> {
  const { order, payer, delivery } = readJob(work.database);
  if (payer.kind === "nobody") return;
  const { account, soon } = accountOf(order.account, work);
  if (!delivery) return soon(account.release(order.id));
  const settled = { requestId: order.id, ...delivery, kept: null, left: leftNames(work.database) };
  await soon(account.settle(settled));
}

/** Cancels what may still run upstream: attempts that failed, and attempts of earlier processes. */
async function stop({ database, deployment }: DutyWork): Promise<void> {
  const { chains } = deploymentFor(readJob(database).order.mode, deployment);
  await Promise.all(
    looseCalls(database).map(async ({ number, stage, entry, kept }) => {
      const model = chains[stage].find((candidate) => candidate.entry === entry);
      if (kept) await model?.cancel?.(kept);
      tieUp(database, number);
    }),
  );
}

/** Tells the batch that this job of it has ended. */
async function tellBatch({ database, deployment: { batches, timer } }: DutyWork): Promise<void> {
  const { order, state, charge, delivery } = readJob(database);
  if (!order.batch || !isEnd(state)) return;
  const amount = charge && delivery ? delivery.amount : 0;
  await untilAborted(batches.at(order.batch.id).ended(order.batch.line, state, amount), timer(LIMITS.accountMs));
}

/** Tells the chat of a bot that this job of it has ended. */
async function tellChat({ database, deployment: { chats, timer } }: DutyWork): Promise<void> {
  const { chat, id } = readJob(database).order;
  if (chat !== null) await untilAborted(chats.at(chat).ended(id), timer(LIMITS.accountMs));
}

/**
 * Deletes what a canceled job has stored for good, except what another request of the account has stored as well. Where
 * nobody pays, no account knows that of masks, which lie under their content: they stay.
 */
async function deleteLeft(work: DutyWork): Promise<void> {
  const { database, deployment } = work;
  if (hasDuty(database, "settle")) throw new Error("the account has to hear of the end first");
  const { order, payer } = readJob(database);
  const left = leftNames(database);
  const { leftovers, timer, storeMs } = deployment;
  const deleteAll = (names: readonly string[]) => untilAborted(leftovers.delete(names), timer(storeMs));
  if (left.length > 0 && payer.kind === "nobody") await deleteAll(left.filter((name) => !isMask(name)));
  if (left.length > 0 && payer.kind !== "nobody") {
    const { account, soon } = accountOf(order.account, work);
    await soon(account.settle({ requestId: order.id, amount: 0, units: NO_UNITS, cost: 0, kept: null, left }));
    const own = await soon(account.leftBy(order.id));
    await deleteAll(own ?? []);
    await soon(account.forgetRequest(order.id));
  }
  database.run("DELETE FROM left_names");
}

async function deletePicture({ database, deployment: { jobPictures, timer, storeMs } }: DutyWork): Promise<void> {
  const { order } = readJob(database);
  await untilAborted(jobPictures.delete(order.account, [order.id]), timer(storeMs));
}

/** Deletes what was asked and found. */
async function forget(work: DutyWork): Promise<void> {
  const { database, deployment } = work;
  const { order } = readJob(database);
  if (order.image) await deletePicture(work);
  database.transaction(() => {
    const { isKept } = readJob(database);
    forgetFindings(database);
    // Messages about what a DELETE has forgotten before have nothing of it, and are sent.
    if (isKept && !isStored(order)) dropUnsent(database);
    else forgetSent(database);
  });
  deployment.log({ event: "job_forgotten", request_id: order.id });
}

function leftNames(database: Database): string[] {
  return database.all<{ name: string }>("SELECT name FROM left_names").map(({ name }) => name);
}

/** The job's account, and a wait for its answer that ends. */
function accountOf(name: string, { deployment: { access, timer } }: DutyWork) {
  if (access.mode === "open") throw new Error("nobody pays where ACCESS is open");
  const soon = <T>(asked: Promise<T>): Promise<T> => untilAborted(asked, timer(LIMITS.accountMs));
  return { account: access.accounts.at(name), soon };
}

/** Puts the message of the end into the outbox, for each endpoint of the account that is told of it. */
async function tellEndpoints(work: DutyWork): Promise<void> {
  const { database, deployment } = work;
  const { order, state } = readJob(database);
  const { account, soon } = accountOf(order.account, work);
  const endpoints = await soon(account.webhooksFor(`job.${state as JobEnd}`));
  database.transaction(() => {
    // A DELETE meanwhile has dropped the other messages of this end, too. It does not drop those of a cancel.
    if (state !== "canceled" && !readJob(database).isKept) return;
    for (const { id } of endpoints) tell(database, { endpoint: id }, deployment.clock());
  });
}
