import type { KeyMode } from "../../../schemas/accounts.ts";
import type { LineEnd } from "../../../schemas/batches.ts";
import type { Problem } from "../../../schemas/problem.ts";
import type { BatchListener, JobImage, JobWebhook } from "../calls.ts";

/**
 * What is said to a batch's Durable Object. Times are Unix milliseconds, money is nano-dollars. A refusal is a value:
 * errors lose their class on the way.
 */

/** A line that can run. */
export interface ValidLine {
  /** The line's own `id`; null without one. */
  readonly reference: string | null;
  /** The fields of its job as JSON: see `JobOrder.fields`. */
  readonly fields: string;
  readonly image: JobImage | null;
  /** As in `AdmitCall`. */
  readonly most: number;
  readonly bodyBytes: number;
  readonly entities: number;
  /** How long its job may take, in milliseconds. */
  readonly deadlineMs: number;
  /** Whether its result is kept after it was read. */
  readonly store: boolean;
}

/** A line that cannot run. */
export interface InvalidLine {
  readonly reference: string | null;
  readonly problem: Problem;
}

export type BatchLine = ValidLine | InvalidLine;

/** A batch that is to begin. */
export interface BatchOrder {
  /** `req_…`: it begins the ids of the batch's jobs. */
  readonly id: string;
  readonly account: string;
  /** SHA-256 of the account's key, which its jobs are asked for with; null where nobody pays. */
  readonly key: string | null;
  readonly mode: KeyMode;
  /** SHA-256 of what was asked: lines, files and parameters. */
  readonly digest: string;
  /** The base of the links in its answers. */
  readonly origin: string;
  readonly maxConcurrent: number;
  /** How long its results are kept, in seconds. */
  readonly keepSeconds: number;
  readonly webhook: JobWebhook | null;
  /** Line 1 first. */
  readonly lines: readonly BatchLine[];
}

/** How many lines are in each state. */
export type LineCounts = Readonly<Record<LineEnd | "waiting" | "running", number>>;

/** All that a batch says of itself. */
export interface BatchFacts extends Omit<BatchOrder, "lines" | "key" | "mode"> {
  readonly posts: number;
  readonly counts: LineCounts;
  /** What its answers were charged so far. */
  readonly cost: number;
  readonly createdAt: number;
  /** When it was canceled; null where it was not. */
  readonly canceledAt: number | null;
  readonly endedAt: number | null;
  /** Until when its results can be read; null while it runs. */
  readonly expiresAt: number | null;
}

/** A line that has ended. */
export interface EndedLine {
  /** Numbers the lines in the order in which they ended: 1, 2, … */
  readonly number: number;
  /** Its place in the batch: 1, 2, … */
  readonly line: number;
  readonly reference: string | null;
  /** Null where no job was begun. */
  readonly jobId: string | null;
  readonly state: LineEnd;
  readonly store: boolean;
  /** Why the line is invalid; else null. */
  readonly problem: Problem | null;
}

/** The methods of a batch's Durable Object. One that was never begun, or is forgotten, answers null. */
export interface BatchCalls extends BatchListener {
  /** Begins the batch. One that began before stays as it is: `known` where the same was asked, else `reused`. */
  begin(order: BatchOrder): Promise<"begun" | "known" | "reused">;
  /** The batch's state. Waits until the batch has ended, but no longer than `waitMs`. */
  facts(waitMs: number): Promise<BatchFacts | null>;
  /**
   * Lines that ended after a number. Waits until there is one or the batch has ended, but no longer than `waitMs`.
   * `gone` once they are no longer known.
   */
  lines(
    after: number,
    most: number,
    waitMs: number,
  ): Promise<{ readonly lines: readonly EndedLine[]; readonly ended: boolean } | "gone" | null>;
  /** Cancels every line that has not started, and has the jobs of the others canceled. Repeating it changes nothing. */
  cancel(): Promise<BatchFacts | null>;
  /** Has a delivery made again now. False where there is none of this id. */
  redeliver(delivery: string): Promise<boolean>;
}
