import type { JobEnd } from "../../../schemas/jobs.ts";
import { problemDocument } from "../../../schemas/problem.ts";
import { BatchState } from "../../../src/jobs/batches/batch-state.ts";
import type { BatchFacts, BatchLine, BatchOrder } from "../../../src/jobs/batches/calls.ts";
import { NOON } from "../accounts/account.ts";
import { NodeDatabase } from "../accounts/node-database.ts";
import { ScriptedJobs } from "./scripted-jobs.ts";

export const BATCH = `req_${"0".repeat(26)}`;

/** A line that can run. */
export const LINE: BatchLine = {
  reference: "r",
  fields: '{"text":"Eileen Collins","store":true}',
  image: null,
  most: 1_500_000,
  bodyBytes: 30,
  entities: 25,
  deadlineMs: 600_000,
  store: true,
};
export const INVALID: BatchLine = { reference: null, problem: problemDocument("invalid_json", "Not JSON.") };
export const WITH_FILE: BatchLine = { ...LINE, image: { kind: "stored" } };

export function batchOrder(lines: readonly BatchLine[], more: Partial<BatchOrder> = {}): BatchOrder {
  return {
    id: BATCH,
    account: "newsroom",
    key: "hash",
    mode: "live",
    digest: "d",
    origin: "https://namesight.test",
    maxConcurrent: 2,
    keepSeconds: 3_600,
    webhook: null,
    lines,
    ...more,
  };
}

/** A batch over a database in memory, with a clock that the test moves and jobs that end when the test says so. */
export class TestBatch {
  readonly database = new NodeDatabase();
  readonly jobs: ScriptedJobs;
  readonly lines: object[] = [];
  readonly told: BatchFacts[] = [];
  readonly deletedPictures: string[] = [];
  /** How often deliveries were made. */
  delivered = 0;
  /** Rejects a telling of the end. */
  tellFails = false;
  /** Rejects the deletion of everything. */
  clearFails = false;
  now = NOON;
  alarmAt: number | null = null;
  timers: AbortController[] = [];
  /** What goes on behind the calls. */
  behind: Promise<unknown>[] = [];
  state: BatchState;

  /** @param jobs which several batches may share */
  constructor(jobs = new ScriptedJobs()) {
    this.jobs = jobs;
    this.state = this.#start();
  }

  /** The object ends, with all that it has in memory, and another one goes on. */
  evict(): void {
    this.state = this.#start();
  }

  /** Rings the alarm when it is due. False where none is set. */
  async ring(): Promise<boolean> {
    if (this.alarmAt === null) return false;
    this.now = Math.max(this.now, this.alarmAt);
    this.alarmAt = null;
    await this.state.alarm();
    await this.settle();
    return true;
  }

  /** Rings the alarm as often as it is set up to a time. */
  async passUntil(time: number): Promise<void> {
    for (let rings = 0; this.alarmAt !== null && this.alarmAt <= time; rings++) {
      if (rings > 10_000) throw new Error("the alarm rings without end");
      await this.ring();
    }
    this.now = Math.max(this.now, time);
  }

  /** Ends the job of a line, and tells the batch. */
  async end(line: number, state: JobEnd = "succeeded", amount = 1_500_000): Promise<void> {
    this.jobs.end(`${BATCH}-${line}`, state, amount);
    await this.jobs.tell(`${BATCH}-${line}`, this.state, state === "succeeded" ? amount : undefined);
    await this.settle();
  }

  /** Waits for what goes on behind the calls. */
  async settle(): Promise<void> {
    while (this.behind.length > 0) await Promise.all(this.behind.splice(0));
  }

  #start(): BatchState {
    return new BatchState({
      database: this.database,
      alarm: {
        get: async () => this.alarmAt,
        set: async (time) => {
          this.alarmAt = time;
        },
      },
      job: (id) => this.jobs.at(id),
      deletePictures: async (_, ids) => void this.deletedPictures.push(...ids),
      tellEnd: async (facts) => {
        if (this.tellFails) throw new Error("not told");
        this.told.push(facts);
      },
      deliver: async () => void this.delivered++,
      clock: () => this.now,
      timer: () => {
        const timer = new AbortController();
        this.timers.push(timer);
        return timer.signal;
      },
      log: (line) => this.lines.push(line),
      waitUntil: (work) => void this.behind.push(work),
      clear: async () => {
        if (this.clearFails) throw new Error("not deleted");
        this.alarmAt = null;
        this.database.deleteAll();
      },
    });
  }
}
