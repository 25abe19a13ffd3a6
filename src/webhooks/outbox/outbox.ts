import { LIMITS } from "../../../schemas/limits.ts";
import type { WebhookEvent } from "../../../schemas/webhooks.ts";
import type { Database } from "../../storage/database.ts";

/** Who is told: an endpoint of the account by its id, or an address that came with the request. */
export type Receiver = { readonly endpoint: string } | { readonly url: string; readonly secret: string };

/** A message to one receiver. */
export interface Message {
  /** The id of the job or batch that it is about. */
  readonly subject: string;
  readonly event: WebhookEvent;
  readonly receiver: Receiver;
  /** JSON of at most `LIMITS.webhookBytes`. */
  readonly body: string;
}

/**
 * `attempts` counts all, `tried` those of this round; a redelivery begins a new round. `body`, `url` and `secret` are
 * null once they were dropped. Time is Unix milliseconds.
 */
const TABLE = `CREATE TABLE IF NOT EXISTS outbox (
  id TEXT PRIMARY KEY,
  subject TEXT NOT NULL,
  event TEXT NOT NULL,
  endpoint TEXT,
  url TEXT,
  secret TEXT,
  body TEXT,
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  round INTEGER NOT NULL DEFAULT 1,
  tried INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER CHECK ((next_at IS NOT NULL) = (state = 'pending')),
  give_up_at INTEGER NOT NULL
) STRICT`;

/** Creates the outbox in a database, if it is not there. Messages survive the process. */
export function createOutbox(database: Database): void {
  database.run(TABLE);
}

/**
 * Stores a message, which is then due. The same subject, event and receiver are one message: storing it again changes
 * nothing.
 *
 * @param now Unix time in milliseconds
 * @returns its id, which is the same in every attempt
 */
export function enqueue(database: Database, message: Message, now: number): string {
  const { subject, event, receiver, body } = message;
  const { endpoint, url, secret } = { endpoint: null, url: null, secret: null, ...receiver };
  const id = messageId(subject, event, endpoint);
  database.run(
    `INSERT INTO outbox (id, subject, event, endpoint, url, secret, body, state, next_at, give_up_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?) ON CONFLICT DO NOTHING`,
    ...[id, subject, event, endpoint, url, secret, body, now, giveUpAt(now)],
  );
  return id;
}

/** When the next attempt is due; null when there is none. Unix time in milliseconds. */
export function nextDue(database: Database): number | null {
  const [row] = database.all<{ at: number | null }>("SELECT min(next_at) AS at FROM outbox WHERE state = 'pending'");
  return row?.at ?? null;
}

/** Whether a message is still to be delivered. */
export function pending(database: Database): boolean {
  return nextDue(database) !== null;
}

/** Whether there were messages, and every one was delivered. */
export function told(database: Database): boolean {
  const [row] = database.all<{ all_of_them: number | null }>(
    "SELECT min(state = 'delivered') AS all_of_them FROM outbox",
  );
  return row?.all_of_them === 1;
}

/**
 * Has a message sent again now, whatever became of it, and by the whole schedule where that fails. False where there is
 * no such message, or its body is no longer kept.
 *
 * @param now Unix time in milliseconds
 */
export function redeliver(database: Database, id: string, now: number): boolean {
  const changed = database.all(
    `UPDATE outbox SET state = 'pending', next_at = ?, give_up_at = ?, tried = 0, round = round + 1
    WHERE id = ? AND body IS NOT NULL RETURNING id`,
    ...[now, giveUpAt(now), id],
  );
  return changed.length > 0;
}

/**
 * Gives up what was not delivered, and erases all bodies, addresses and secrets: for a request with `store: false`
 * whose time is over. Nothing can be sent again afterwards.
 */
export function dropUnsent(database: Database): void {
  database.run(
    `UPDATE outbox SET state = CASE state WHEN 'pending' THEN 'failed' ELSE state END,
    next_at = NULL, body = NULL, url = NULL, secret = NULL`,
  );
}

/** Erases the bodies, addresses and secrets of messages whose end is known. They cannot be sent again afterwards. */
export function forgetSent(database: Database): void {
  database.run("UPDATE outbox SET body = NULL, url = NULL, secret = NULL WHERE state <> 'pending'");
}

/** Standard Webhooks allows no full stop in an id. */
function messageId(subject: string, event: WebhookEvent, endpoint: string | null): string {
  return `msg_${subject}_${event.replace(".", "_")}_${endpoint ?? "own"}`;
}

function giveUpAt(now: number): number {
  return now + 1000 * LIMITS.webhookTrySeconds;
}
