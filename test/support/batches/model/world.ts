import { isEnd, type JobEnd, type JobState } from "../../../../schemas/jobs.ts";
import { toUsd } from "../../../../schemas/money.ts";
import { NO_UNITS } from "../../../../schemas/prices.ts";
import { BatchState } from "../../../../src/jobs/batches/batch-state.ts";
import type { BatchFacts, BatchOrder } from "../../../../src/jobs/batches/calls.ts";
import type { JobCalls, JobFacts, JobOrder } from "../../../../src/jobs/calls.ts";
import { type Process, Processes, settled } from "../../accounts/model/processes.ts";
import type { Tape } from "../../accounts/model/tape.ts";
import { NodeDatabase } from "../../accounts/node-database.ts";

/** A job, whose end the tape chooses. */
interface Job {
  readonly order: JobOrder;
  state: JobState;
  amount: number;
}

/** A batch whose process may end between any two of its steps, and what was seen of it. */
export class World {
  readonly processes: Processes;
  readonly database = new NodeDatabase();
  readonly order: BatchOrder;
  readonly jobs = new Map<string, Job>();
  readonly deletedPictures = new Set<string>();
  /** The messages of the end that went into the outbox, as JSON; the same one is there once. */
  readonly told = new Set<string>();
  /** What went wrong where it can be seen at once, by the invariant. */
  readonly faults: Array<readonly [invariant: string, fault: string]> = [];
  /** The ends of lines as they were first seen, by line. */
  readonly ends = new Map<number, string>();
  /** Lines that waited when the batch was canceled. */
  readonly unstarted = new Set<number>();
  isCanceled = false;
  kills = 0;
  dropped = 0;
  repeated = 0;
  canceledJobs = 0;
  alarmAt: number | null = null;
  state: BatchState;
  facts: BatchFacts | null = null;
  /** What the database holds after the retention of its results, and after that of its counts. */
  atExpiry: readonly string[] | null = null;
  atClear: BatchFacts | null = null;
  #process: Process;
  #ringing: number | null = null;

  constructor(tape: Tape, order: BatchOrder) {
    this.order = order;
    this.processes = new Processes(tape);
    [this.#process, this.state] = this.#start();
  }

  get isRinging(): boolean {
    return this.#ringing !== null;
  }

  get running(): string[] {
    return [...this.jobs].flatMap(([id, { state }]) => (isEnd(state) ? [] : [id]));
  }

  /** What the job of a line is charged: no sum of several is right by chance. */
  amountOf(id: string): number {
    return 10 ** (Number(id.slice(this.order.id.length + 1)) - 1);
  }

  async begin(): Promise<void> {
    const outcome = await this.state.begin(this.order);
    if (outcome === "reused") this.fault("ends each", "its own order was refused");
  }

  async cancel(): Promise<void> {
    const waiting = this.database.all<{ line: number }>("SELECT line FROM lines WHERE state = 'waiting'");
    const canceled = await this.state.cancel();
    if (canceled?.canceledAt === null || this.isCanceled) return;
    this.isCanceled = true;
    for (const { line } of waiting) this.unstarted.add(line);
  }

  /** Ends a job that runs. */
  endJob(id: string | undefined, state: JobEnd): void {
    const job = this.jobs.get(id ?? "");
    if (id === undefined || !job || isEnd(job.state)) return;
    Object.assign(job, { state, amount: state === "succeeded" ? this.amountOf(id) : 0 });
  }

  /** A job that has ended tells the batch, perhaps again. The message may be lost, or come late. */
  tell(id: string | undefined, withAmount: boolean): void {
    const job = this.jobs.get(id ?? "");
    if (!job?.order.batch || !isEnd(job.state)) return;
    const { line } = job.order.batch;
    const state = job.state;
    if (this.ends.has(line)) this.repeated++;
    const asked = this.processes.ask({ hasEnded: false }, () =>
      this.state.ended(line, state, withAmount ? job.amount : undefined),
    );
    asked.catch(() => undefined);
  }

  /** All reads of a caller. What has ended must stay as it was. */
  async look(): Promise<void> {
    this.facts = await this.state.facts(0);
    const page = await this.state.lines(0, 100, 0);
    if (page === null || page === "gone") return;
    page.lines.forEach(({ number, line, state }, index) => {
      if (number !== index + 1) this.fault("ends each", `line ${line} has number ${number} at place ${index + 1}`);
      const end = `${number} ${state}`;
      const known = this.ends.get(line) ?? end;
      if (known !== end) this.fault("ends each", `line ${line} was ${known} and is ${end}`);
      this.ends.set(line, end);
    });
    if (this.ends.size !== page.lines.length) this.fault("ends each", "a line that had ended has not");
    if (page.ended !== (this.facts?.endedAt !== null)) this.fault("ends each", "it ended for one reader alone");
    const kept = "SELECT line FROM lines WHERE fields IS NOT NULL AND (is_begun = 1 OR number IS NOT NULL)";
    if (this.database.all(kept).length > 0) this.fault("keeps", "a text that its job has");
  }

  /** The alarm rings in the process that is there, when its time has come. */
  ring(): void {
    if (this.#ringing !== null || this.alarmAt === null || this.alarmAt > this.processes.now) return;
    this.#ringing = this.alarmAt;
    this.alarmAt = null;
    const process = this.#process;
    const end = () => {
      if (!process.hasEnded) this.#ringing = null;
    };
    this.state.alarm().then(end, (error) => {
      if (!process.hasEnded) this.fault("ends each", `the alarm rejected: ${error?.stack}`);
      end();
    });
  }

  /** Ends the process with all that it has in memory. Another one goes on, and the alarm in flight rings again. */
  kill(): void {
    this.#process.hasEnded = true;
    this.kills++;
    if (this.#ringing !== null) this.alarmAt ??= this.#ringing;
    this.#ringing = null;
    [this.#process, this.state] = this.#start();
  }

  /** The platform gives an alarm up that has failed several times. */
  dropAlarm(): void {
    if (this.isRinging || this.alarmAt === null) return;
    this.alarmAt = null;
    this.dropped++;
  }

  /** Lets time pass until a timer or the alarm is due, if that is soon enough. */
  async toNext(mostMs: number): Promise<void> {
    const timer = this.processes.nextTimer();
    const alarm = this.isRinging ? null : this.alarmAt;
    const next = Math.min(timer ?? Number.POSITIVE_INFINITY, alarm ?? Number.POSITIVE_INFINITY);
    if (next > this.processes.now + mostMs) return;
    await this.processes.pass(Math.max(0, next - this.processes.now));
    this.ring();
    await settled();
  }

  fault(invariant: string, fault: string): void {
    this.faults.push([invariant, fault]);
  }

  /** The names of tables that hold a line. */
  tablesWithLines(): string[] {
    const tables = this.database.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'");
    return tables.flatMap(({ name }) =>
      name === "lines" && this.database.all("SELECT 1 FROM lines LIMIT 1").length > 0 ? [name] : [],
    );
  }

  #begun(id: string, order: JobOrder): boolean {
    const line = order.batch?.line ?? 0;
    if ([...this.jobs].some(([known, job]) => known !== id && job.order.batch?.line === line)) {
      this.fault("begins", `line ${line} has another job than ${id}`);
    }
    if (order.id !== id) this.fault("begins", `the order of ${order.id} went to ${id}`);
    const known = this.jobs.get(id);
    if (known) return false;
    if (order.fields.text === undefined) this.fault("begins", `${id} has no text`);
    if (this.unstarted.has(line)) this.fault("cancels", `${id} began behind the cancel`);
    this.jobs.set(id, { order, state: "running", amount: 0 });
    if (this.running.length > this.order.maxConcurrent) this.fault("runs", `${this.running.length} jobs run`);
    return true;
  }

  #factsOf(id: string): JobFacts | null {
    const job = this.jobs.get(id);
    if (!job) return null;
    const charge = { amount_usd: toUsd(job.amount), units: NO_UNITS, balance_usd: null };
    // The batch reads no more of a job than this.
    return {
      order: job.order,
      state: job.state,
      charge: job.state === "succeeded" ? charge : null,
    } as unknown as JobFacts;
  }

  #job(process: Process, id: string): JobCalls {
    const ask = <Answer>(work: () => Answer) => this.processes.ask(process, async () => work());
    const calls: Partial<JobCalls> = {
      begin: (order) => ask(() => this.#begun(id, order)),
      facts: () => ask(() => this.#factsOf(id)),
      cancel: () =>
        ask(() => {
          if (this.running.includes(id)) this.canceledJobs++;
          this.endJob(id, "canceled");
          return this.#factsOf(id);
        }),
    };
    return calls as JobCalls;
  }

  #start(): [Process, BatchState] {
    const process: Process = { hasEnded: false };
    const { processes } = this;
    const live = () => {
      if (process.hasEnded) throw new Error("the process has ended");
      return this.database;
    };
    const state = new BatchState({
      database: {
        all: (statement, ...values) => live().all(statement, ...values),
        run: (statement, ...values) => live().run(statement, ...values),
        transaction: (work) => live().transaction(work),
      },
      alarm: {
        get: async () => this.alarmAt,
        set: async (time) => {
          if (!process.hasEnded) this.alarmAt = time;
        },
      },
      job: (id) => this.#job(process, id),
      deletePictures: (_, ids) =>
        processes.ask(process, async () => {
          for (const id of ids) this.deletedPictures.add(id);
        }),
      tellEnd: async (facts) => {
        // The account is asked for its endpoints; then the messages are stored in the batch's own database.
        await processes.ask(process, async () => undefined);
        live();
        this.told.add(JSON.stringify(facts));
      },
      deliver: async () => undefined,
      clock: () => processes.now,
      timer: (milliseconds) => processes.timer(process, milliseconds),
      log: () => undefined,
      waitUntil: (work) => {
        work.catch((error) => {
          if (!process.hasEnded) this.fault("ends each", `work behind a call rejected: ${error?.stack}`);
        });
      },
      clear: async () => {
        live();
        this.alarmAt = null;
        this.database.deleteAll();
      },
    });
    return [process, state];
  }
}
