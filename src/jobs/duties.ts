import type { Database } from "../storage/database.ts";

/**
 * What a job still has to do behind its end:
 * - `settle`: tell the account what was delivered, or that nothing was;
 * - `stop`: cancel attempts that may still run upstream;
 * - `tell_batch`: tell the batch that this job of it has ended;
 * - `tell_chat`: tell the chat that this job of it has ended;
 * - `tell_endpoints`: find out which endpoints of the account are told;
 * - `delete_left`: delete what a canceled job has stored for good;
 * - `forget`: delete the picture and what was found;
 * - `clear`: delete the job.
 */
export type Duty =
  | "settle"
  | "stop"
  | "tell_batch"
  | "tell_chat"
  | "tell_endpoints"
  | "delete_left"
  | "forget"
  | "clear";

/** First and longest wait before a duty that failed is tried again, in milliseconds. */
const [FIRST_WAIT_MS, LAST_WAIT_MS] = [1_000, 5 * 60_000];

/** Has something done at a time. A duty that is open already keeps the earlier time. */
export function addDuty(database: Database, duty: Duty, due: number): void {
  const statement =
    "INSERT INTO duties (name, due) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET due = min(due, excluded.due)";
  database.run(statement, duty, due);
}

/** The duties whose time has come, in the order in which it came. */
export function dueDuties(database: Database, now: number): Duty[] {
  const rows = database.all<{ name: Duty }>("SELECT name FROM duties WHERE due <= ? ORDER BY due, rowid", now);
  return rows.map(({ name }) => name);
}

/** When a duty is due next; null without one. */
export function nextDuty(database: Database): number | null {
  return database.all<{ due: number | null }>("SELECT min(due) AS due FROM duties")[0]?.due ?? null;
}

export function hasDuty(database: Database, duty: Duty): boolean {
  return database.all("SELECT 1 FROM duties WHERE name = ?", duty).length > 0;
}

export function dutyDone(database: Database, duty: Duty): void {
  database.run("DELETE FROM duties WHERE name = ?", duty);
}

/** Has a duty that failed done again, each time later. */
export function dutyFailed(database: Database, duty: Duty, now: number): void {
  const [row] = database.all<{ tries: number }>("SELECT tries FROM duties WHERE name = ?", duty);
  const wait = Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(10, row?.tries ?? 0));
  database.run("UPDATE duties SET due = ?, tries = tries + 1 WHERE name = ?", now + wait, duty);
}
