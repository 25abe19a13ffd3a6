import { isEnd } from "../../schemas/jobs.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { toNanoDollars } from "../../schemas/money.ts";
import { problemDocument } from "../../schemas/problem.ts";
import { admittedRequest } from "../accounts/paid-request.ts";
import { describeError } from "../observe/log.ts";
import { costOfStages } from "../pipeline/attempt-cost.ts";
import type { Database, ObjectStorage } from "../storage/database.ts";
import { readLongText } from "../storage/long-texts.ts";
import { dropUnsent, forgetSent, nextDue, redeliver, told } from "../webhooks/outbox/outbox.ts";
import type { JobCalls, JobEvent, JobEvents, JobFacts, JobOrder, JobResult } from "./calls.ts";
import { Changes } from "./changes.ts";
import { deleteCheckpoints, readEvents, readOutlines, stageEvents } from "./checkpoints.ts";
import type { JobDeployment } from "./deployment.ts";
import { doDuty } from "./do-duty.ts";
import { addDuty, type Duty, dueDuties, dutyDone, dutyFailed, hasDuty, nextDuty } from "./duties.ts";
import { type HandedOut, handedOutUnits, lastNumber, noteHandedOut } from "./handed-out.ts";
import { progressOf } from "./progress.ts";
import {
  ANSWER,
  endJob,
  expireBy,
  forgetFindings,
  type JobEnding,
  type JobRecord,
  noteRun,
  readJob,
  readState,
  writeJob,
} from "./record.ts";
import { isStored, paidDependencies, runJob } from "./run-job.ts";
import { createTables, hasTables, isRefused, refuseBegin } from "./tables.ts";
import { deliver, isTold, tell } from "./tell.ts";

/** What a job works with. */
export interface JobStorage extends ObjectStorage {
  readonly deployment: JobDeployment;
}

/** Processes that may begin to run a job. One that ends its process each time must not do so for ever. */
const MOST_RUNS = 25;
/** Time until work that an unexpected error or a death ended is done again, in milliseconds. */
const AGAIN_MS = 2_000;
/** The repeat of an alarm from which on the job sets one by itself: the platform gives up after about six. */
const LAST_RETRIES = 3;
/** Milliseconds behind its time after which an alarm is one that the platform has given up. */
const LOST_MS = 60_000;
/**
 * Milliseconds for which a result with `store: false` is kept after it was sent, for a connection that broke, or after
 * it was told, so that the receiver can fetch it.
 */
const FETCHED_MS = 60_000;
/** Milliseconds for which a job that was canceled before it was begun does not begin. */
const REFUSED_MS = 3_600_000;
/** Length of the findings that are told at once, in UTF-16 code units. */
const EVENTS_LENGTH = 4_000_000;

/**
 * A job over its database, apart from the platform. Its alarm does all of its work. The memory holds only what the
 * database says too: the process may end at any time, and another one continues.
 */
export class JobState implements JobCalls {
  readonly #storage: JobStorage;
  readonly #database: Database;
  #isBegun: boolean;
  /** Aborts the run of this process. */
  #cancel: AbortController | null = null;
  /** Whether the alarm rings in this process. */
  #isWorking = false;
  readonly #changes: Changes;

  constructor(storage: JobStorage) {
    this.#storage = storage;
    this.#database = storage.database;
    this.#changes = new Changes(storage.deployment.timer);
    this.#isBegun = hasTables(this.#database);
  }

  async begin(order: JobOrder): Promise<boolean> {
    if (this.#isBegun) {
      await this.#keepAlarm();
      return false;
    }
    if (isRefused(this.#database)) return false;
    this.#database.transaction(() => {
      createTables(this.#database);
      writeJob(this.#database, order);
    });
    this.#isBegun = true;
    await this.#storage.alarm.set(this.#now());
    return true;
  }

  async facts(waitMs: number, isShown = false): Promise<JobFacts | null> {
    await this.#keepAlarm();
    await this.#changes.until(() => this.#isOver(), waitMs);
    if (!this.#isBegun) return null;
    const { order, hasPicture: _, payer: _payer, delivery: _delivery, runs: _runs, ...facts } = this.#job();
    const { fields: _fields, payer: _asked, ...known } = order;
    const found = facts.isKept ? readOutlines(this.#database) : [];
    if (isShown) this.#noteHandedOut("shown", found);
    const events = [...stageEvents(this.#database), ...found.map(({ event }) => event)];
    return { ...facts, order: known, progress: progressOf(events) };
  }

  async events(after: number, waitMs: number): Promise<JobEvents | null> {
    await this.#keepAlarm();
    const isNews = () => this.#database.all("SELECT 1 FROM events WHERE number > ? LIMIT 1", after).length > 0;
    await this.#changes.until(() => this.#isOver() || isNews(), waitMs);
    if (!this.#isBegun) return null;
    // A run that is being canceled may still find something.
    const last = lastNumber(this.#database);
    if (!this.#job().isKept) return { events: [], ended: true, last };
    const { events, isWhole } = readEvents(this.#database, after, EVENTS_LENGTH);
    this.#noteHandedOut("read", events);
    return { events, ended: isWhole && this.#isOver(), last };
  }

  async result(): Promise<JobResult | null> {
    if (!this.#isBegun) return null;
    const { charge } = this.#job();
    const answer = readLongText(this.#database, ANSWER);
    return answer === null ? null : { answer, charge };
  }

  async settled(waitMs: number): Promise<void> {
    await this.#changes.until(() => !this.#isBegun || !this.#isOver() || !hasDuty(this.#database, "settle"), waitMs);
  }

  async fetched(): Promise<void> {
    if (!this.#isBegun) return;
    this.#forgetSoon();
    await this.#ring();
  }

  async cancel(ended: "delete" | "keep" = "delete"): Promise<JobFacts | null> {
    if (!this.#isBegun) {
      refuseBegin(this.#database);
      await this.#storage.alarm.set(this.#now() + REFUSED_MS);
      return null;
    }
    if (this.#isOver() && ended === "keep") return this.facts(0);
    const isRunning = this.#cancel !== null;
    if (this.#isOver()) this.#forgetNow();
    else this.#end({ state: "canceled", ...this.#handedOut() });
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

  /**
   * Does what is due. Never rejects: the next alarm tries again what failed.
   *
   * @param retries how often the platform has repeated this alarm, because its process died
   */
  async alarm(retries = 0): Promise<void> {
    if (!this.#isBegun) {
      if (isRefused(this.#database)) await this.#storage.clear();
      return;
    }
    this.#isWorking = true;
    let again = 0;
    const behind: Promise<unknown>[] = [];
    const waitUntil = (work: Promise<unknown>) => void behind.push(work);
    try {
      if (retries >= LAST_RETRIES) await this.#storage.alarm.set(this.#now() + AGAIN_MS);
      if (!this.#isOver()) await this.#run(waitUntil);
      // What the run left to do, such as cancels, is done before another process could do it again.
      for (let done = 0; done < behind.length; ) {
        done = behind.length;
        await Promise.allSettled(behind);
      }
      await this.#doDuties(waitUntil);
      await Promise.allSettled(behind);
    } catch (error) {
      this.#storage.deployment.log({ event: "job_alarm_failed", ...describeError(error) });
      again = this.#now() + AGAIN_MS;
    }
    this.#isWorking = false;
    if (this.#isBegun) await this.#ring(again);
  }

  async #run(waitUntil: (work: Promise<unknown>) => void): Promise<void> {
    const { deployment } = this.#storage;
    const { order, runs } = this.#job();
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
      const { order, payer } = this.#job();
      const keepSeconds = isStored(order) ? order.keepSeconds : LIMITS.unstoredSeconds;
      const isCanceled = ending.state === "canceled";
      const expiresAt = isCanceled ? null : now + keepSeconds * 1000;
      if (!endJob(database, ending, now, expiresAt)) return;
      const due: Duty[] = ["stop"];
      if (payer.kind !== "nobody") due.push("settle");
      if (order.batch) due.push("tell_batch");
      if (order.chat !== null && !isCanceled) due.push("tell_chat");
      if (payer.kind !== "nobody") due.push("tell_endpoints");
      if (isCanceled) due.push("delete_left");
      const { webhook } = order;
      if (webhook && isTold(this.#job())) tell(database, webhook, now);
      if (isCanceled) forgetFindings(database);
      for (const duty of due) addDuty(database, duty, now);
      addDuty(database, "forget", isCanceled ? now : (expiresAt ?? now));
      addDuty(database, "clear", now + keepSeconds * 1000 + LIMITS.jobRecordSeconds * 1000);
    });
    this.#changes.tell();
  }

  /** What is charged of a job that is canceled now: what was handed out of it. */
  #handedOut(): Pick<JobEnding, "handedOut"> {
    const { order, payer } = this.#job();
    const units = payer.kind === "admitted" ? handedOutUnits(this.#database, order.operation) : null;
    if (payer.kind !== "admitted" || !units) return {};
    const { deployment } = this.#storage;
    const dependencies = paidDependencies({ deployment, waitUntil: () => undefined });
    const charge = admittedRequest(payer.facts, dependencies).charge(units);
    const records = progressOf(stageEvents(this.#database)).stages;
    const delivery = { units, amount: toNanoDollars(charge.amount_usd), cost: costOfStages(records) };
    return { handedOut: { charge, delivery } };
  }

  #noteHandedOut(way: HandedOut, found: readonly JobEvent[]): void {
    const last = found.at(-1);
    if (last && !this.#isOver()) noteHandedOut(this.#database, way, last.number);
  }

  /** Deletes what a job which has ended has found, and has the rest deleted that it keeps. */
  #forgetNow(): void {
    const database = this.#database;
    database.transaction(() => {
      // The message of a canceled job has nothing of it.
      if (readState(database) !== "canceled") dropUnsent(database);
      forgetFindings(database);
      for (const duty of ["delete_left", "forget"] as const) addDuty(database, duty, this.#now());
    });
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
          this.#changes.tell();
        } catch (error) {
          deployment.log({ event: "job_duty_failed", duty, ...describeError(error) });
          dutyFailed(this.#database, duty, this.#now());
        }
      }
      due = dueDuties(this.#database, this.#now());
    }
    if (!hasDuty(this.#database, "stop")) deleteCheckpoints(this.#database);
    await deliver(this.#database, this.#job().order.account, deployment);
    // Until the account has answered, it is not known who else is told.
    if (told(this.#database) && !hasDuty(this.#database, "tell_endpoints")) this.#forgetSoon();
    if (!this.#job().isKept) forgetSent(this.#database);
  }

  /** Has a result with `store: false` forgotten soon. Doing it again puts nothing off. */
  #forgetSoon(): void {
    const database = this.#database;
    const time = this.#now() + FETCHED_MS;
    database.transaction(() => {
      if (!isStored(this.#job().order) && expireBy(database, time)) addDuty(database, "forget", time);
    });
  }

  async #clear(): Promise<void> {
    this.#isBegun = false;
    await this.#storage.clear();
  }

  /**
   * Sets the alarm to what is due next.
   *
   * @param earliest when it rings at the earliest
   */
  async #ring(earliest = 0): Promise<void> {
    const now = this.#now();
    const dues = this.#isOver() ? [nextDuty(this.#database), nextDue(this.#database)] : [now + AGAIN_MS];
    const due = Math.min(...dues.map((time) => time ?? Number.POSITIVE_INFINITY));
    if (Number.isFinite(due)) await this.#storage.alarm.set(Math.max(now, earliest, due));
  }

  /** Sets the alarm again where the platform has given it up, because its process died each time that it rang. */
  async #keepAlarm(): Promise<void> {
    if (!this.#isBegun || this.#isWorking) return;
    const at = await this.#storage.alarm.get();
    if (this.#isWorking || (at !== null && at > this.#now() - LOST_MS)) return;
    if (this.#isBegun) await this.#ring();
  }

  #job(): JobRecord {
    return readJob(this.#database);
  }

  /** Whether nothing more can come: the job has ended, or is no more. */
  #isOver(): boolean {
    return !this.#isBegun || isEnd(readState(this.#database));
  }

  #now(): number {
    return this.#storage.deployment.clock();
  }
}
