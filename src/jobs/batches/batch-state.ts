import { isEnd, type JobEnd } from "../../../schemas/jobs.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { toNanoDollars } from "../../../schemas/money.ts";
import { describeError, type Log } from "../../observe/log.ts";
import { untilAborted } from "../../resilience/until-aborted.ts";
import type { Database, ObjectStorage } from "../../storage/database.ts";
import { nextDue as nextDelivery, redeliver } from "../../webhooks/outbox/outbox.ts";
import type { JobCalls, JobFacts } from "../calls.ts";
import { Changes } from "../changes.ts";
import type { BatchCalls, BatchFacts, BatchOrder } from "./calls.ts";
import { inTurns } from "./in-turns.ts";
import {
  cancelLines,
  type DueLine,
  dueLines,
  endBatch,
  endedLines,
  endLine,
  factsOf,
  forgetLines,
  isCharged,
  jobIdOf,
  nextDue,
  noteBegun,
  orderOf,
  putOff,
  readBatch,
  takeWaiting,
} from "./lines.ts";
import { createTables, hasTables } from "./tables.ts";

/** What a batch works with. */
export interface BatchStorage extends ObjectStorage {
  readonly job: (id: string) => JobCalls;
  /** Deletes pictures of jobs that never began (src/storage/job-pictures.ts). */
  readonly deletePictures: (account: string, jobIds: readonly string[]) => Promise<void>;
  /** Puts the end into the outbox, for whom it concerns. Called again until it resolves. */
  readonly tellEnd: (facts: BatchFacts) => Promise<void>;
  /** Makes every attempt at a delivery that is due. */
  readonly deliver: (account: string) => Promise<void>;
  readonly clock: () => number;
  readonly timer: (milliseconds: number) => AbortSignal;
  readonly log: Log;
  /** Takes work that goes on behind a call. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** Time after which a job that has said nothing is asked whether it has ended, in milliseconds. */
const SILENCE_MS = 60_000;
/** Time after which a call that failed, or of which nothing is known, is made again, in milliseconds. */
const REPEAT_MS = 5_000;
/** Maximum duration of a call to a job, in milliseconds. */
const CALL_MS = 10_000;
/** Maximum lines that one alarm works on, and maximum calls at a time. The next alarm follows at once. */
const [ROUND_LINES, CALLS_AT_ONCE] = [200, 10];

/**
 * A batch over its database, apart from the platform. Its alarm starts the first jobs, as many as may run at a time.
 * When a job tells its end, the batch starts the next one at once. The alarm also repeats lost calls, and asks jobs
 * that are silent. The memory holds only what the database says too: the process may end at any time, and another one
 * continues.
 */
export class BatchState implements BatchCalls {
  readonly #storage: BatchStorage;
  readonly #database: Database;
  readonly #changes: Changes;
  #hasBegun: boolean;
  /** Whether the alarm is at work. It sets the next one at its end. */
  #isRinging = false;

  constructor(storage: BatchStorage) {
    this.#storage = storage;
    this.#database = storage.database;
    this.#changes = new Changes(storage.timer);
    this.#hasBegun = hasTables(this.#database);
  }

  async begin(order: BatchOrder) {
    if (this.#hasBegun) {
      // The alarm may be what was lost when the first call failed.
      await this.#arm();
      return readBatch(this.#database).digest === order.digest ? "known" : "reused";
    }
    const now = this.#storage.clock();
    createTables(this.#database, order, now);
    this.#hasBegun = true;
    endBatch(this.#database, now);
    await this.#arm();
    return "begun";
  }

  async facts(waitMs: number): Promise<BatchFacts | null> {
    const hasEnded = () => !this.#hasBegun || readBatch(this.#database).ended_at !== null;
    await Promise.all([this.#changes.until(hasEnded, waitMs), this.#armAgain()]);
    return this.#hasBegun ? factsOf(this.#database) : null;
  }

  async lines(after: number, most: number, waitMs: number) {
    const read = () => endedLines(this.#database, after, most);
    const isNews = () => !this.#hasBegun || read().length > 0 || readBatch(this.#database).ended_at !== null;
    await Promise.all([this.#changes.until(isNews, waitMs), this.#armAgain()]);
    if (!this.#hasBegun) return null;
    const { ended_at, counts } = readBatch(this.#database);
    return counts === null ? { lines: read(), ended: ended_at !== null } : "gone";
  }

  async ended(line: number, state: JobEnd, amount?: number): Promise<void> {
    if (!this.#hasBegun) return;
    this.#end(line, state, amount ?? (state === "succeeded" ? null : 0));
    // The job that tells its end does not wait for the next one.
    this.#storage.waitUntil(this.#startWaiting().catch((error) => this.#roundFailed(error)));
    await this.#arm();
  }

  async cancel(): Promise<BatchFacts | null> {
    if (!this.#hasBegun) return null;
    cancelLines(this.#database, this.#storage.clock());
    this.#changes.tell();
    await this.#arm();
    return factsOf(this.#database);
  }

  async redeliver(delivery: string): Promise<boolean> {
    if (!this.#hasBegun || !redeliver(this.#database, delivery, this.#storage.clock())) return false;
    await this.#arm();
    return true;
  }

  /** Does what is due. After a pause, the next alarm tries again what failed. */
  async alarm(): Promise<void> {
    if (!this.#hasBegun) return;
    const { clock, alarm } = this.#storage;
    this.#isRinging = true;
    try {
      const due = dueLines(this.#database, clock(), ROUND_LINES);
      await Promise.all([this.#startWaiting(), inTurns(due, CALLS_AT_ONCE, (line) => this.#attend(line))]);
      await this.#finish();
    } catch (error) {
      this.#roundFailed(error);
      this.#isRinging = false;
      await alarm.set(clock() + REPEAT_MS);
      return;
    }
    this.#isRinging = false;
    await this.#arm();
  }

  /**
   * Starts as many of the waiting lines as may run. They are marked as running before their jobs begin, so that none is
   * forgotten: where this process dies, or a call is lost, the alarm begins the same job again.
   */
  async #startWaiting(): Promise<void> {
    const { clock } = this.#storage;
    const lines = takeWaiting(this.#database, clock(), clock() + REPEAT_MS);
    if (lines.length === 0) return;
    await inTurns(lines, CALLS_AT_ONCE, (line) => this.#attend(line));
    await this.#arm();
  }

  #roundFailed(error: unknown): void {
    this.#storage.log({ event: "batch_round_failed", ...describeError(error) });
  }

  /** Does what is due for a line: begins, cancels or asks its job, or deletes its picture. */
  async #attend(line: DueLine): Promise<void> {
    const { clock, log } = this.#storage;
    try {
      await this.#advance(line);
    } catch (error) {
      log({ event: "batch_line_failed", line: line.line, ...describeError(error) });
      putOff(this.#database, line.line, clock() + REPEAT_MS);
    }
  }

  async #advance(due: DueLine): Promise<void> {
    const { clock, timer, job, deletePictures } = this.#storage;
    const { line, state, is_begun } = due;
    const batch = readBatch(this.#database);
    const call = <T>(work: Promise<T>) => untilAborted(work, timer(CALL_MS));
    const jobId = jobIdOf(batch.id, line);
    if (state === "canceled" && due.started_at === null) {
      await call(deletePictures(batch.account, [jobId]));
      return putOff(this.#database, line, null);
    }
    if (state === "running" && is_begun === 0) {
      // Also of a batch that was canceled: an earlier call may be on its way still, and must find a job that ended.
      await call(job(jobId).begin(orderOf(batch, due)));
      const isCanceled = readBatch(this.#database).canceled_at !== null;
      return noteBegun(this.#database, line, clock() + (isCanceled ? 0 : SILENCE_MS));
    }
    if (state !== "running") {
      const facts = await call(job(jobId).facts(0));
      return this.#end(line, state as JobEnd, amountOf(facts));
    }
    const isCanceled = batch.canceled_at !== null;
    const facts = await call(isCanceled ? job(jobId).cancel("keep") : job(jobId).facts(0));
    if (!facts) return this.#end(line, isCanceled ? "canceled" : "failed", 0);
    if (isEnd(facts.state)) return this.#end(line, facts.state, amountOf(facts));
    // Its end may have been told meanwhile.
    this.#database.run(
      "UPDATE lines SET due = ? WHERE line = ? AND state = 'running'",
      clock() + (isCanceled ? REPEAT_MS : SILENCE_MS),
      line,
    );
  }

  #end(line: number, state: JobEnd, amount: number | null): void {
    endLine(this.#database, line, state, amount, this.#storage.clock());
    this.#changes.tell();
  }

  /** Tells the end of a batch that has ended, and deletes what is kept no longer. */
  async #finish(): Promise<void> {
    const { clock, clear, log, tellEnd, deliver } = this.#storage;
    const { account, tell_at, expires_at, counts } = readBatch(this.#database);
    if (tell_at !== null && tell_at <= clock()) {
      try {
        if (!isCharged(this.#database)) throw new Error("what an answer was charged is not known");
        await tellEnd(factsOf(this.#database));
        this.#database.run("UPDATE batch SET tell_at = NULL");
      } catch (error) {
        log({ event: "batch_end_not_told", ...describeError(error) });
        this.#database.run("UPDATE batch SET tell_at = ?", clock() + REPEAT_MS);
      }
    }
    const delivery = nextDelivery(this.#database);
    if (delivery !== null && delivery <= clock()) await deliver(account);
    if (expires_at === null || expires_at > clock()) return;
    if (counts === null) forgetLines(this.#database);
    if (expires_at + FORGET_MS > clock()) return;
    await clear();
    this.#hasBegun = false;
  }

  /** Has the alarm ring by the time when something is due. One that rings earlier finds nothing to do. */
  async #arm(): Promise<void> {
    if (!this.#hasBegun || this.#isRinging) return;
    const { clock, alarm } = this.#storage;
    const dues = [nextDue(this.#database, FORGET_MS, clock()), nextDelivery(this.#database)];
    const due = Math.max(clock(), Math.min(...dues.map((time) => time ?? Number.POSITIVE_INFINITY)));
    const set = await alarm.get();
    if (Number.isFinite(due) && (set === null || set > due)) await alarm.set(due);
  }

  /** Sets the alarm again where the platform has dropped it: it gives up one that failed several times. */
  async #armAgain(): Promise<void> {
    if (this.#hasBegun && !this.#isRinging && (await this.#storage.alarm.get()) === null) await this.#arm();
  }
}

/** How long a batch is known after its results were deleted, in milliseconds. */
const FORGET_MS = LIMITS.jobRecordSeconds * 1000;

/** What a job was charged; nothing where it is not known any more. */
function amountOf(facts: JobFacts | null): number {
  return facts?.charge ? toNanoDollars(facts.charge.amount_usd) : 0;
}
