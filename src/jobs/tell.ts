import type { JobEnd } from "../../schemas/jobs.ts";
import { joinUrl } from "../net/join-url.ts";
import type { Database } from "../storage/database.ts";
import { deliverDue } from "../webhooks/outbox/deliver-due.ts";
import { jobMessage } from "../webhooks/outbox/messages.ts";
import { enqueue, type Receiver } from "../webhooks/outbox/outbox.ts";
import { readOutlines } from "./checkpoints.ts";
import type { JobDeployment } from "./deployment.ts";
import { progressOf } from "./progress.ts";
import { type JobRecord, readJob } from "./record.ts";

/** Where the parts of a job are, under the address of the deployment. */
export function linksOf(id: string, origin: string) {
  const path = (rest: string) => joinUrl(new URL(origin), `/v1/jobs/${id}${rest}`).href;
  return { self: path(""), events: path("/events"), result: path("/result") };
}

/** Puts the message of a job's end to one receiver into the outbox. Doing it again changes nothing. */
export function tell(database: Database, receiver: Receiver, now: number): void {
  const { order, endedAt, startedAt: _, ...record } = readJob(database);
  const { id, operation, reference, batch, acceptedAt, origin } = order;
  const state = record.state as JobEnd;
  const { self, events, result } = linksOf(id, origin);
  // Nothing of a job that was canceled is kept, not even in a message.
  const found = state === "canceled" ? [] : readOutlines(database);
  const { entities } = progressOf(found.map(({ event }) => event));
  const outcome = {
    id,
    operation,
    state,
    reference,
    batchId: batch?.id ?? null,
    createdAt: acceptedAt,
    endedAt: endedAt ?? now,
    partial: record.partial,
    problem: record.problem,
    charge: record.charge,
    entities,
  };
  const body = jobMessage(outcome, { job: self, events, result });
  enqueue(database, { subject: id, event: `job.${state}`, receiver, body }, now);
}

/** Whether the webhook of the request is told of the job's end. */
export function isTold({ order: { webhook }, state }: Pick<JobRecord, "order" | "state">): boolean {
  return webhook?.events.some((event) => event === `job.${state}`) ?? false;
}

/** What delivering needs. */
export type Telling = Pick<
  JobDeployment,
  "access" | "clock" | "timer" | "chance" | "log" | "fetchPublic" | "allowedOrigins"
>;

/** Makes every attempt at a delivery that is due, of the outbox of a job or a batch of an account. */
export async function deliver(database: Database, account: string, deployment: Telling): Promise<void> {
  const { access, fetchPublic, allowedOrigins, clock, timer, chance, log } = deployment;
  const none = { webhook: async () => null, noteDelivery: async () => undefined };
  const calls = access.mode === "keys" ? access.accounts.at(account) : none;
  await deliverDue({ database, account: calls, fetchPublic, allowedOrigins, clock, timer, chance, log });
}
