import type { Database } from "../../storage/database.ts";
import { isTaken, type Outcome, waitAfter } from "./schedule.ts";

/** A message that is due. */
export interface DueMessage {
  readonly id: string;
  readonly subject: string;
  readonly event: string;
  /** The account's endpoint; null where `url` and `secret` came with the request. */
  readonly endpoint: string | null;
  readonly url: string | null;
  readonly secret: string | null;
  readonly body: string;
  /** Attempts made before. */
  readonly attempts: number;
  readonly round: number;
}

/** Ids of the messages that are due, the longest due first. */
export function dueIds(database: Database, now: number): string[] {
  const query = "SELECT id FROM outbox WHERE state = 'pending' AND next_at <= ? ORDER BY next_at, id";
  return database.all<{ id: string }>(query, now).map(({ id }) => id);
}

/** A message that is to be sent now; null where it is no longer due, or its time is over: then it has failed. */
export function takeDue(database: Database, id: string, now: number): DueMessage | null {
  database.run(
    "UPDATE outbox SET state = 'failed', next_at = NULL WHERE id = ? AND state = 'pending' AND give_up_at < ?",
    ...[id, now],
  );
  const [message] = database.all<DueMessage>(
    `SELECT id, subject, event, endpoint, url, secret, body, attempts, round FROM outbox
    WHERE id = ? AND state = 'pending' AND next_at <= ?`,
    ...[id, now],
  );
  return message ?? null;
}

/** Notes that a message has no receiver any more. */
export function giveUp(database: Database, { id, round }: DueMessage): void {
  database.run(
    "UPDATE outbox SET state = 'failed', next_at = NULL WHERE id = ? AND round = ? AND state = 'pending'",
    ...[id, round],
  );
}

/** Notes that a message could not be tried before a time. It is no attempt. */
export function postpone(database: Database, { id, round }: DueMessage, until: number): void {
  database.run("UPDATE outbox SET next_at = ? WHERE id = ? AND round = ? AND state = 'pending'", ...[until, id, round]);
}

/**
 * Records an attempt, in one transaction. When a redelivery was asked for meanwhile, a failure leaves it due; when the
 * message was dropped meanwhile, it stays dropped.
 *
 * @param now Unix time in milliseconds
 * @param chance a random number from 0 to before 1
 * @returns when the next attempt is due; null when there is none
 */
export function recordAttempt(
  database: Database,
  { id, round }: DueMessage,
  outcome: Outcome,
  now: number,
  chance: number,
): number | null {
  return database.transaction(() => {
    const [row] = database.all<{ round: number; tried: number; next_at: number | null; give_up_at: number }>(
      "UPDATE outbox SET attempts = attempts + 1, tried = tried + (round = ?) WHERE id = ? RETURNING *",
      ...[round, id],
    );
    if (!row) return null;
    if (isTaken(outcome.status)) {
      database.run("UPDATE outbox SET state = 'delivered', next_at = NULL WHERE id = ?", id);
      return null;
    }
    if (row.next_at === null || row.round !== round) return row.next_at;
    const wait = waitAfter(row.tried, outcome, chance);
    const nextAt = wait === null || now + wait > row.give_up_at ? null : now + wait;
    database.run(
      "UPDATE outbox SET state = ?, next_at = ? WHERE id = ?",
      ...[nextAt === null ? "failed" : "pending", nextAt, id],
    );
    return nextAt;
  });
}
