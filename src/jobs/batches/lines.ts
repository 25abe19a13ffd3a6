import type { KeyMode } from "../../../schemas/accounts.ts";
import { isLineEnd, type LineEnd, LineState } from "../../../schemas/batches.ts";
import type { JobEnd } from "../../../schemas/jobs.ts";
import type { Database } from "../../storage/database.ts";
import type { JobOrder } from "../calls.ts";
import type { BatchFacts, EndedLine, LineCounts } from "./calls.ts";

/** The row of a batch. */
export interface BatchRow {
  readonly id: string;
  readonly account: string;
  readonly key: string | null;
  readonly mode: KeyMode;
  readonly digest: string;
  readonly origin: string;
  readonly max_concurrent: number;
  readonly keep_seconds: number;
  readonly webhook: string | null;
  readonly posts: number;
  readonly cost: number;
  readonly created_at: number;
  readonly canceled_at: number | null;
  readonly ended_at: number | null;
  readonly tell_at: number | null;
  readonly expires_at: number | null;
  readonly counts: string | null;
}

/** The row of a line for which something is to be done. */
export interface DueLine {
  readonly line: number;
  readonly state: "running" | LineEnd;
  readonly reference: string | null;
  readonly fields: string | null;
  readonly image: string | null;
  readonly most: number;
  readonly body_bytes: number;
  readonly entities: number;
  readonly deadline_ms: number;
  readonly started_at: number | null;
  readonly is_begun: number;
}

/** The batch. It must have begun. */
export function readBatch(database: Database): BatchRow {
  const [batch] = database.all<BatchRow>("SELECT * FROM batch");
  if (!batch) throw new Error("the batch has not begun");
  return batch;
}

/** The id of the job of a line. */
export function jobIdOf(batch: string, line: number): string {
  return `${batch}-${line}`;
}

export function factsOf(database: Database): BatchFacts {
  const batch = readBatch(database);
  return {
    id: batch.id,
    account: batch.account,
    digest: batch.digest,
    origin: batch.origin,
    maxConcurrent: batch.max_concurrent,
    keepSeconds: batch.keep_seconds,
    webhook: batch.webhook === null ? null : JSON.parse(batch.webhook),
    posts: batch.posts,
    counts: batch.counts === null ? countLines(database) : JSON.parse(batch.counts),
    cost: batch.cost,
    createdAt: batch.created_at,
    canceledAt: batch.canceled_at,
    endedAt: batch.ended_at,
    expiresAt: batch.expires_at,
  };
}

export function countLines(database: Database): LineCounts {
  const counts = Object.fromEntries(LineState.options.map((state) => [state, 0])) as Record<LineState, number>;
  const rows = database.all<{ state: LineState; lines: number }>(
    "SELECT state, count(*) AS lines FROM lines GROUP BY state",
  );
  for (const { state, lines } of rows) counts[state] = lines;
  return counts;
}

/**
 * Takes as many waiting lines as may run beside those that run, the first ones first, and returns them. Their jobs are
 * to be begun.
 *
 * @param due when that is done again, where nothing is known of it by then
 */
export function takeWaiting(database: Database, now: number, due: number): DueLine[] {
  const taken = database.all<DueLine>(
    `UPDATE lines SET state = 'running', started_at = ?, due = ? WHERE line IN (
      SELECT line FROM lines WHERE state = 'waiting' ORDER BY line
      LIMIT max(0, (SELECT max_concurrent FROM batch) - (SELECT count(*) FROM lines WHERE state = 'running')))
      RETURNING *`,
    now,
    due,
  );
  // The rows of an UPDATE come in any order.
  return taken.toSorted((one, other) => one.line - other.line);
}

/** Lines for which something is to be done by now. */
export function dueLines(database: Database, now: number, most: number): DueLine[] {
  return database.all<DueLine>("SELECT * FROM lines WHERE due <= ? ORDER BY due, line LIMIT ?", now, most);
}

/** Has what is to be done for a line done later; null for never. Where nothing is to be done any more, that stays. */
export function putOff(database: Database, line: number, due: number | null): void {
  database.run("UPDATE lines SET due = ? WHERE line = ? AND due IS NOT NULL", due, line);
}

/** Notes that the job of a line has begun, and has its fields. Where the line has ended meanwhile, nothing changes. */
export function noteBegun(database: Database, line: number, due: number): void {
  database.run("UPDATE lines SET is_begun = 1, fields = NULL, due = ? WHERE line = ? AND state = 'running'", due, line);
}

/**
 * Ends a line that runs; one that has ended stays as it is. What it was charged may be told later than its end.
 *
 * @param amount null while it is not known; the job is then asked for it
 */
export function endLine(database: Database, line: number, state: JobEnd, amount: number | null, now: number): void {
  database.transaction(() => {
    const [row] = database.all<{ state: LineState; amount: number | null }>(
      "SELECT state, amount FROM lines WHERE line = ?",
      line,
    );
    if (!row || row.state === "waiting" || (isLineEnd(row.state) && (row.amount !== null || amount === null))) return;
    if (row.state === "running") {
      const due = amount === null ? now : null;
      database.run(
        `UPDATE lines SET state = ?, number = ${NEXT_NUMBER}, is_begun = 1, fields = NULL, due = ? WHERE line = ?`,
        state,
        due,
        line,
      );
    }
    if (amount !== null) {
      database.run("UPDATE lines SET amount = ?, due = NULL WHERE line = ?", amount, line);
      database.run("UPDATE batch SET cost = cost + ?", amount);
    }
    endBatch(database, now);
  });
}

/** Cancels the lines that have not started, and has the jobs of those that run canceled now. */
export function cancelLines(database: Database, now: number): void {
  database.transaction(() => {
    const { canceled_at, ended_at } = readBatch(database);
    if (canceled_at !== null || ended_at !== null) return;
    database.run("UPDATE batch SET canceled_at = ?", now);
    for (const { line } of database.all<{ line: number }>("SELECT line FROM lines WHERE state = 'waiting'")) {
      // Its picture, where it has one in R2, is to be deleted: no job will do that.
      database.run(
        `UPDATE lines SET state = 'canceled', number = ${NEXT_NUMBER}, fields = NULL, amount = 0,
          due = CASE WHEN image = ? THEN ? END WHERE line = ?`,
        STORED,
        now,
        line,
      );
    }
    database.run("UPDATE lines SET due = ? WHERE state = 'running'", now);
    endBatch(database, now);
  });
}

const NEXT_NUMBER = "(SELECT coalesce(max(number), 0) + 1 FROM lines)";
const STORED = JSON.stringify({ kind: "stored" });

/** Ends the batch once, when no line of it waits or runs. */
export function endBatch(database: Database, now: number): void {
  database.run(
    `UPDATE batch SET ended_at = ?, tell_at = ?, expires_at = ? + 1000 * keep_seconds WHERE ended_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM lines WHERE state IN ('waiting', 'running'))`,
    now,
    now,
    now,
  );
}

/** Whether it is known what every answer was charged. */
export function isCharged(database: Database): boolean {
  return database.all("SELECT 1 FROM lines WHERE state = 'succeeded' AND amount IS NULL LIMIT 1").length === 0;
}

/** Deletes the lines of a batch whose results are not kept any more, and keeps how many ended how. */
export function forgetLines(database: Database): void {
  database.transaction(() => {
    database.run("UPDATE batch SET counts = ?", JSON.stringify(countLines(database)));
    database.run("DELETE FROM lines");
  });
}

export function endedLines(database: Database, after: number, most: number): EndedLine[] {
  const { id } = readBatch(database);
  const rows = database.all<{
    number: number;
    line: number;
    reference: string | null;
    started_at: number | null;
    state: LineEnd;
    store: number;
    problem: string | null;
  }>("SELECT * FROM lines WHERE number > ? ORDER BY number LIMIT ?", after, most);
  return rows.map(({ number, line, reference, started_at, state, store, problem }) => ({
    number,
    line,
    reference,
    jobId: started_at === null ? null : jobIdOf(id, line),
    state,
    store: store === 1,
    problem: problem === null ? null : JSON.parse(problem),
  }));
}

/** The job of a line. */
export function orderOf(batch: BatchRow, line: DueLine): JobOrder {
  const acceptedAt = line.started_at ?? 0;
  const { most, body_bytes: bodyBytes, entities } = line;
  const { key } = batch;
  return {
    id: jobIdOf(batch.id, line.line),
    account: batch.account,
    operation: "recognize",
    mode: batch.mode,
    fields: JSON.parse(line.fields ?? "{}"),
    image: line.image === null ? null : JSON.parse(line.image),
    payer:
      key === null
        ? { kind: "nobody" }
        : { kind: "asks", credential: { key, scope: "recognize" }, most, bodyBytes, entities },
    origin: batch.origin,
    acceptedAt,
    deadline: acceptedAt + line.deadline_ms,
    keepSeconds: batch.keep_seconds,
    reference: line.reference,
    batch: { id: batch.id, line: line.line },
    chat: null,
    webhook: null,
  };
}

/** When something is to be done for the batch next; null for nothing. */
export function nextDue(database: Database, forgetAfterMs: number, now: number): number | null {
  const { canceled_at, max_concurrent, tell_at, expires_at, counts } = readBatch(database);
  // Each part reads an index and no more: this is asked at the end of every line.
  const [lines] = database.all<{ due: number | null; waiting: number; running: number }>(
    `SELECT (SELECT min(due) FROM lines WHERE due IS NOT NULL) AS due,
      EXISTS (SELECT 1 FROM lines WHERE state = 'waiting') AS waiting,
      (SELECT count(*) FROM lines WHERE state = 'running') AS running`,
  );
  const { due = null, waiting = 0, running = 0 } = lines ?? {};
  const canStart = canceled_at === null && waiting > 0 && running < max_concurrent;
  const expiry = expires_at === null || counts === null ? expires_at : expires_at + forgetAfterMs;
  const dues = [canStart ? now : null, due, tell_at, expiry].filter((time) => time !== null);
  return dues.length === 0 ? null : Math.min(...dues);
}
