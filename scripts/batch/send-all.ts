import { bodyOf, type Entry, splitEntries } from "./entries.ts";
import { Refused } from "./fault.ts";
import type { Record, SentBatch } from "./record.ts";
import { type Service, Unreachable } from "./service.ts";

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
  // Results without a state would be refused by the next process.
  record.save();
  const sent = new Set(record.batches.flatMap(({ ended, lines }) => (ended ? [] : lines)));
  for (const { line, id, fault } of entries) {
    // The result of one that was sent comes all the same.
    if (fault !== null && !sent.has(line)) record.write({ ...UNSENT, line, id, problem: fault });
  }
  await followSent(sending);
  const byLine = new Set(record.batches.flatMap(({ ended, lines }) => (ended ? [] : lines)));
  const unsent = entries.filter(({ line }) => !record.done.has(line) && !byLine.has(line));
  await inParallel(
    splitEntries(unsent),
    (group) => beginGroup(group, sending),
    (batch) => finish(batch, sending),
  );
  return isOverCost(sending);
}

const UNSENT = { batch_id: null, job_id: null, state: "invalid", answer: null, cost_usd: "0" } as const;

/** Goes on with the batches that an earlier process has sent. */
async function followSent(sending: Sending): Promise<void> {
  const open = sending.record.batches.filter(({ ended }) => !ended);
  await inParallel(
    open,
    (batch) => begin(batch, sending),
    (batch) => finish(batch, sending),
  );
}

async function beginGroup(group: readonly Entry[], sending: Sending): Promise<Begun | null> {
  if (isOverCost(sending)) return null;
  const { record, newKey, maxConcurrent } = sending;
  const lines = group.map(({ line }) => line);
  return begin(record.add({ key: newKey(), lines, max_concurrent: maxConcurrent }), sending);
}

/** A batch that the service knows. */
interface Begun {
  readonly batch: SentBatch;
  readonly id: string;
}

/** Begins a batch, unless it has begun. Null where the posts cost too much. */
async function begin(batch: SentBatch, sending: Sending): Promise<Begun | null> {
  if (batch.id === null && isOverCost(sending)) return null;
  return { batch, id: await idOf(batch, sending) };
}

async function finish({ batch, id }: Begun, sending: Sending): Promise<void> {
  await follow(batch, id, sending);
  batch.ended = true;
  sending.record.save();
}

/**
 * The id of a batch. Where the service has not answered yet, or its answer was lost, the batch is sent: the same
 * `Idempotency-Key` gets the same batch.
 *
 * @throws Lost when it can no longer be sent as it was
 */
export async function idOf(
  batch: SentBatch,
  { record, entries, service }: Pick<Sending, "record" | "entries" | "service">,
): Promise<string> {
  if (batch.id !== null) return batch.id;
  const lines = new Set(batch.lines);
  const posts = entries.filter(({ line }) => lines.has(line));
  const faulty = posts.find(({ fault }) => fault !== null);
  if (faulty) {
    const fault = `of line ${faulty.line}: ${faulty.fault?.detail}`;
    throw new Lost(`The answer to it was lost, and it cannot be sent again as it was, because ${fault}`);
  }
  const { type } = bodyOf(posts);
  const count = (change: number) => {
    batch.unanswered += change;
    record.save();
  };
  const { id } = await service.create(() => bodyOf(posts).body, type, batch.key, batch.max_concurrent, count);
  batch.id = id;
  record.save();
  return id;
}

/** A batch that was sent cannot be found again. The message is for people. */
export class Lost extends Error {}

/**
 * Writes the results of a batch until its end. Throws `Refused` where the service does not know it: that may be another
 * service, or another account, and a post that is sent again is paid again.
 */
async function follow(batch: SentBatch, id: string, sending: Sending): Promise<void> {
  const { record, service, progressed, sleep } = sending;
  let isCanceled = false;
  const keepToCost = async () => {
    if (isCanceled || !isOverCost(sending)) return;
    await service.cancel(id);
    isCanceled = true;
  };
  for (;;) {
    try {
      await keepToCost();
      for await (const { number, line, ...result } of service.results(id, batch.after)) {
        record.write({ ...result, batch_id: id, line: batch.lines[line - 1] ?? line });
        batch.after = number;
        record.save();
        progressed();
        await keepToCost();
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

/**
 * Works on some items at a time. They begin one after another, and none begins after one that could not: so no request
 * is under way whose answer would be lost when a key or an endpoint is refused.
 */
async function inParallel<Item, Begun>(
  items: readonly Item[],
  begin: (item: Item) => Promise<Begun | null>,
  finish: (begun: Begun) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  let before: Promise<unknown> = Promise.resolve();
  const takeTurns = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const next = item;
      const begun = before.then(() => begin(next));
      before = begun;
      const one = await begun;
      if (one !== null) await finish(one);
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, takeTurns));
}
