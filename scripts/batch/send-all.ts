import { problemDocument } from "../../schemas/problem.ts";
import { bodyOf, type Entry, splitEntries } from "./entries.ts";
import type { Record, SentBatch } from "./record.ts";
import { Refused, type Service, Unreachable } from "./service.ts";

/** What sending all posts needs. */
export interface Sending {
  readonly entries: readonly Entry[];
  readonly record: Record;
  readonly service: Service;
  /** Null for the service's own default. */
  readonly maxConcurrent: string | null;
  /** Nano-dollars at which nothing more is sent, and what runs is canceled; null without a limit. */
  readonly maxCost: number | null;
  /** A random name. */
  readonly newKey: () => string;
  /** Told after each result. */
  readonly progressed: () => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Batches that are sent before the first of them has ended: the service always has work. */
const BATCHES_AT_ONCE = 2;
/** Time until results are asked for again when their stream broke off, in milliseconds. */
const AGAIN_MS = 1_000;

/**
 * Sends all posts that have no result so far, in batches, and writes their results as they come.
 *
 * @returns whether the limit of cost ended it
 * @throws Refused when the service refuses a batch, Unreachable when it does not answer for long
 */
export async function sendAll(sending: Sending): Promise<boolean> {
  const { entries, record } = sending;
  for (const { line, id, fault } of entries) {
    if (fault !== null) record.write({ ...UNSENT, line, id, problem: problemDocument("invalid_request", fault) });
  }
  await followSent(sending);
  const byLine = new Set(record.batches.flatMap(({ ended, lines }) => (ended ? [] : lines)));
  const unsent = entries.filter(({ line }) => !record.done.has(line) && !byLine.has(line));
  await inParallel(splitEntries(unsent), (group) => sendGroup(group, sending));
  return isOverCost(sending);
}

const UNSENT = { batch_id: null, job_id: null, state: "invalid", answer: null } as const;
/** The problem of a canceled post, of which the service says no more than its state. */
const CANCELED = problemDocument("result_gone", "The post was canceled before it had an answer.");

/** Goes on with the batches that an earlier process has sent. */
async function followSent(sending: Sending): Promise<void> {
  const { record, entries } = sending;
  const open = record.batches.filter(({ ended }) => !ended);
  await inParallel(open, async (batch) => {
    const lines = new Set(batch.lines);
    await sendBatch(
      batch,
      entries.filter(({ line }) => lines.has(line)),
      sending,
    );
  });
}

async function sendGroup(group: readonly Entry[], sending: Sending): Promise<void> {
  if (isOverCost(sending)) return;
  const { record, newKey } = sending;
  const batch: SentBatch = { key: newKey(), id: null, lines: group.map(({ line }) => line), after: 0, ended: false };
  record.batches.push(batch);
  // Its key is known before it is sent: a process that is killed now sends the same batch again.
  record.save();
  await sendBatch(batch, group, sending);
}

async function sendBatch(batch: SentBatch, entries: readonly Entry[], sending: Sending): Promise<void> {
  const { record, service, maxConcurrent } = sending;
  if (batch.id === null) {
    const { type } = bodyOf(entries);
    const { id } = await service.create(() => bodyOf(entries).body, type, batch.key, maxConcurrent);
    batch.id = id;
    record.save();
  }
  await follow(batch, batch.id, sending);
  batch.ended = true;
  record.save();
}

/**
 * Writes the results of a batch until its end. Throws `Refused` where the service does not know it: that may be another
 * service, or another account, and a post that is sent again is paid again.
 */
async function follow(batch: SentBatch, id: string, sending: Sending): Promise<void> {
  const { record, service, progressed, sleep } = sending;
  let isCanceled = false;
  for (;;) {
    try {
      for await (const { number, line, ...result } of service.results(id, batch.after)) {
        const problem = result.state === "canceled" ? CANCELED : result.problem;
        record.write({ ...result, problem, batch_id: id, line: batch.lines[line - 1] ?? line });
        batch.after = number;
        record.save();
        progressed();
        if (isCanceled || !isOverCost(sending)) continue;
        isCanceled = true;
        await service.cancel(id);
      }
      const { ended_at, posts } = await service.get(id);
      if (ended_at !== null && batch.after >= posts) return;
    } catch (error) {
      if (error instanceof Refused && (error.status === 404 || error.status === 410)) throw unknown(id, error);
      if (error instanceof Refused || error instanceof Unreachable) throw error;
      // The connection broke: the batch goes on, and so do its results.
      await sleep(AGAIN_MS);
    }
  }
}

function unknown(id: string, { status, message }: Refused): Refused {
  const advice =
    "Check --endpoint and the key. If its results are no longer kept, send the posts that have none with another --out: " +
    "they are paid again.";
  return new Refused(status, `${id} was sent, and is not known there: ${message} ${advice}`);
}

function isOverCost({ record, maxCost }: Sending): boolean {
  return maxCost !== null && record.cost >= maxCost;
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const takeTurns = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, takeTurns));
}
