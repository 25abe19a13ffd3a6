import { isEnd } from "../../schemas/jobs.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { problemDocument } from "../../schemas/problem.ts";
import { describeError } from "../observe/log.ts";
import type { Database } from "../storage/database.ts";
import { readLongText } from "../storage/long-texts.ts";
import { dropUnsent, forgetSent, nextDue, redeliver, told } from "../webhooks/outbox/outbox.ts";
import type { JobCalls, JobEvent, JobFacts, JobOrder, JobResult } from "./calls.ts";
import { Changes } from "./changes.ts";
import { deleteCheckpoints, readEvents, stageEvents } from "./checkpoints.ts";
import type { JobDeployment } from "./deployment.ts";
import { doDuty } from "./do-duty.ts";
import { addDuty, type Duty, dueDuties, dutyDone, dutyFailed, hasDuty, hurryDuty, nextDuty } from "./duties.ts";
import { progressOf } from "./progress.ts";
import { ANSWER, endJob, type JobEnding, noteRun, readJob, writeJob } from "./record.ts";
import { isStored, runJob } from "./run-job.ts";
import { createTables, hasTables } from "./tables.ts";
import { deliver, isTold, tell } from "./tell.ts";

/** What a job works with. */
export interface JobStorage {
  readonly database: Database;
  readonly alarm: { set(time: number): Promise<void> };
  /** Deletes the database and the alarm. */
  readonly clear: () => Promise<void>;
  readonly deployment: JobDeployment;
}

/** Processes that may begin to run a job. One that ends its process each time must not do so for ever. */
const MOST_RUNS = 25;
/** Time until a run that an unexpected error ended is begun again, in milliseconds. */
const AGAIN_MS = 2_000;
/** Milliseconds for which a result with `store: false` is kept after it was sent, for a connection that broke. */
const FETCHED_MS = 60_000;
/** Length of the findings that are told at once, in UTF-16 code units. */
const EVENTS_LENGTH = 4_000_000;

/**
 * A job over its database, apart from the platform. What it has in memory is only what the database says, so that its
 * process may end at any time and another one goes on. Its alarm does all of its work.
 */
export class JobState implements JobCalls {
  readonly #storage: JobStorage;
  readonly #database: Database;
  #isBegun: boolean;
  /** Aborts the run of this process. */
  #cancel: AbortController | null = null;
  readonly #changes: Changes;

  constructor(storage: JobStorage) {
    this.#storage = storage;
    this.#database = storage.database;
    this.#changes = new Changes(storage.deployment.timer);
    this.#isBegun = hasTables(this.#database);
  }

  async begin(order: JobOrder): Promise<boolean> {
    if (this.#isBegun) return false;
    this.#database.transaction(() => {
      createTables(this.#database);
      writeJob(this.#database, order);
    });
    this.#isBegun = true;
    await this.#storage.alarm.set(this.#now());
    return true;
  }

  async facts(waitMs: number): Promise<JobFacts | null> {
    await this.#changes.until(() => this.#isOver(), waitMs);
    if (!this.#isBegun) return null;
    const {
      order,
      hasPicture: _,
      payer: _payer,
      delivery: _delivery,
      isKept: _isKept,
      runs: _runs,
      ...facts
    } = readJob(this.#database);
    const { fields: _fields, payer: _asked, ...known } = order;
    const found = readEvents(this.#database, 0).map(({ event }) => event);
    return { ...facts, order: known, progress: progressOf([...stageEvents(this.#database), ...found]) };
  }

  async events(after: number, waitMs: number) {
    const isNews = () => this.#database.all("SELECT 1 FROM events WHERE number > ? LIMIT 1", after).length > 0;
    await this.#changes.until(() => this.#isOver() || isNews(), waitMs);
    if (!this.#isBegun) return null;
    const events: JobEvent[] = [];
    let length = 0;
    const all = readEvents(this.#database, after);
    for (const event of all) {
      length += JSON.stringify(event).length;
      if (events.length > 0 && length > EVENTS_LENGTH) break;
      events.push(event);
    }
    return { events, ended: this.#isOver() && events.length === all.length };
  }

  async result(): Promise<JobResult | null> {
    if (!this.#isBegun) return null;
    const { charge } = readJob(this.#database);
    const answer = readLongText(this.#database, ANSWER);
    return answer === null ? null : { answer, charge };
  }

  async fetched(): Promise<void> {
    if (!this.#isBegun || isStored(readJob(this.#database).order)) return;
    addDuty(this.#database, "forget", this.#now() + FETCHED_MS);
    await this.#ring();
  }

  async cancel(): Promise<JobFacts | null> {
    if (!this.#isBegun) return null;
    const isRunning = this.#cancel !== null;
    if (isEnd(readJob(this.#database).state)) this.#forgetNow();
    else this.#end({ state: "canceled" });
    this.#cancel?.abort();
    // The alarm of a run that is under way goes on behind it.
    if (!isRunning) await this.#ring();
    return this.facts(0);
  }

  async redeliver(delivery: string): Promise<boolean> {
    if (!this.#isBegun || !redeliver(this.#database, delivery, this.#now())) return false;
    await this.#ring();
    return true;
  }

  /** Does what is due. Never rejects: what failed is tried again by the next alarm. */
  async alarm(): Promise<void> {
    if (!this.#isBegun) return;
    const behind: Promise<unknown>[] = [];
    const waitUntil = (work: Promise<unknown>) => void behind.push(work);
    try {
      if (!isEnd(readJob(this.#database).state)) await this.#run(waitUntil);
      // What the run left to do, such as cancels, is done before another process could do it again.
      for (let done = 0; done < behind.length; ) {
        done = behind.length;
        await Promise.allSettled(behind);
      }
      await this.#doDuties(waitUntil);
      await Promise.allSettled(behind);
    } catch (error) {
      this.#storage.deployment.log({ event: "job_alarm_failed", ...describeError(error) });
    }
    if (this.#isBegun) await this.#ring();
  }

  async #run(waitUntil: (work: Promise<unknown>) => void): Promise<void> {
    const { deployment } = this.#storage;
    const { order, runs } = readJob(this.#database);
    if (runs >= MOST_RUNS) {
      const detail = `The job ended its process ${MOST_RUNS} times.`;
      const problem = problemDocument("internal", detail, { request_id: order.id });
      return void this.#end({ state: "failed", problem });
    }
    noteRun(this.#database, this.#now());
    this.#cancel = new AbortController();
    const { signal: canceled } = this.#cancel;
    const process = { database: this.#database, deployment, canceled, added: () => this.#changes.tell(), waitUntil };
    const ending = await runJob(process).finally(() => {
      this.#cancel = null;
    });
    if (ending) this.#end(ending);
  }

  /** Ends the job, if it has not ended, with all that follows from its end. */
  #end(ending: JobEnding): void {
    const now = this.#now();
    const database = this.#database;
    database.transaction(() => {
      const { order, payer } = readJob(database);
      const keepSeconds = isStored(order) ? order.keepSeconds : LIMITS.unstoredSeconds;
      const isCanceled = ending.state === "canceled";
      const expiresAt = isCanceled ? null : now + keepSeconds * 1000;
      if (!endJob(database, ending, now, expiresAt)) return;
      const due: Duty[] = ["stop"];
      if (payer.kind !== "nobody") due.push("settle");
      if (order.batch) due.push("tell_batch");
      if (payer.kind !== "nobody") due.push("tell_endpoints");
      if (isCanceled) due.push("delete_left");
      const { webhook } = order;
      if (webhook && isTold(readJob(database))) tell(database, webhook, now);
      for (const duty of due) addDuty(database, duty, now);
      addDuty(database, "forget", isCanceled ? now : (expiresAt ?? now));
      addDuty(database, "clear", now + keepSeconds * 1000 + LIMITS.jobRecordSeconds * 1000);
    });
    this.#changes.tell();
  }

  /** Has everything deleted that a job which has ended keeps. */
  #forgetNow(): void {
    dropUnsent(this.#database);
    for (const duty of ["delete_left", "forget"] as const) addDuty(this.#database, duty, this.#now());
  }

  async #doDuties(waitUntil: (work: Promise<unknown>) => void): Promise<void> {
    const { deployment } = this.#storage;
    // A duty may bring another one.
    for (let due = dueDuties(this.#database, this.#now()); due.length > 0; ) {
      for (const duty of due) {
        if (duty === "clear") return this.#clear();
        try {
          await doDuty(duty, { database: this.#database, deployment, waitUntil });
          dutyDone(this.#database, duty);
        } catch (error) {
          deployment.log({ event: "job_duty_failed", duty, ...describeError(error) });
          dutyFailed(this.#database, duty, this.#now());
        }
      }
      due = dueDuties(this.#database, this.#now());
    }
    if (!hasDuty(this.#database, "stop")) deleteCheckpoints(this.#database);
    await deliver(this.#database, readJob(this.#database).order.account, deployment);
    // What is not stored is kept until it was told, at most.
    const { order, isKept } = readJob(this.#database);
    if (isKept && !isStored(order) && told(this.#database)) hurryDuty(this.#database, "forget", this.#now());
    if (!isKept) forgetSent(this.#database);
  }

  async #clear(): Promise<void> {
    this.#isBegun = false;
    await this.#storage.clear();
  }

  /** Sets the alarm to what is due next. */
  async #ring(): Promise<void> {
    const now = this.#now();
    const hasEnded = isEnd(readJob(this.#database).state);
    const dues = hasEnded ? [nextDuty(this.#database), nextDue(this.#database)] : [now + AGAIN_MS];
    const due = Math.min(...dues.map((time) => time ?? Number.POSITIVE_INFINITY));
    if (Number.isFinite(due)) await this.#storage.alarm.set(Math.max(now, due));
  }

  /** Whether nothing more can come: the job has ended, or is no more. */
  #isOver(): boolean {
    return !this.#isBegun || isEnd(readJob(this.#database).state);
  }

  #now(): number {
    return this.#storage.deployment.clock();
  }
}
