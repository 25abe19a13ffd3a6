import type { Database } from "../storage/database.ts";
import type { Delivered, KeptAnswer, Repeatable, Repeated } from "./calls.ts";

/** What the account knows of the first request with an `Idempotency-Key`: where it runs, or what it delivered. */
interface FirstRow {
  readonly fingerprint: string;
  readonly request_id: string;
  readonly until: number | null;
  readonly deadline: number | null;
  readonly reserved_until: number | null;
  readonly amount: number | null;
  readonly calls: number;
  readonly entities: number;
  readonly masks: number;
  readonly kept_status: number | null;
  readonly kept_type: string | null;
  readonly kept_payment_response: string | null;
  readonly is_in_doubt: number;
}

/** How long a repeat of a request that runs should wait, in milliseconds. Set by hand. */
const ASK_AGAIN_MS = 2_000;

/** The space of payments that came with a request: one pays one request, whatever the operation. */
export const PAYMENT_SPACE = "payment";

/**
 * The first request is over and nobody settled or released it. Whether it delivered something has to be found out
 * before a repeat is answered.
 */
export interface Unresolved {
  readonly outcome: "unresolved";
  readonly requestId: string;
}

const FIRST = `
  SELECT fingerprint, request_id, repeatables.until AS until, deadline, reservations.until AS reserved_until, amount,
    calls, entities, masks, kept_status, kept_type, kept_payment_response, is_in_doubt
  FROM repeatables LEFT JOIN reservations USING (request_id) LEFT JOIN requests USING (request_id)
  WHERE space = ?`;
const BY_KEY = `${FIRST} AND key = ?`;
const BY_KEY_OR_ALIAS = `${FIRST} AND (key = ? OR alias = ?) ORDER BY key = ? DESC`;

/**
 * What a repeat of a request gets; null where there is no first one.
 *
 * @param space in which the caller's keys are told apart
 */
export function findFirst(
  database: Database,
  space: string,
  { key, alias, fingerprint }: Repeatable,
  now: number,
): Repeated | Unresolved | null {
  const rows =
    alias === undefined
      ? database.all<FirstRow>(BY_KEY, space, key)
      : database.all<FirstRow>(BY_KEY_OR_ALIAS, space, key, alias, key);
  const row = rows.find(({ reserved_until, until }) => reserved_until !== null || (until !== null && until > now));
  if (!row) return null;
  const { request_id: requestId, reserved_until: reservedUntil } = row;
  if (reservedUntil !== null && reservedUntil <= now) return { outcome: "unresolved", requestId };
  if (row.fingerprint !== fingerprint) return { outcome: "key_reused", requestId };
  if (reservedUntil !== null) {
    const isRunning = row.deadline !== null && row.deadline > now;
    // Most requests end long before their deadline. One of which nothing was heard by then waits for its end.
    const retryAfterMs = isRunning ? Math.min(ASK_AGAIN_MS, row.deadline - now) : reservedUntil - now;
    return { outcome: "in_flight", requestId, retryAfterMs };
  }
  const { calls, entities, masks } = row;
  const first: Delivered = { requestId, amount: row.amount ?? 0, units: { calls, entities, masks } };
  const kept = keptIn(row);
  return kept && row.is_in_doubt ? { outcome: "in_doubt", first, kept } : { outcome: "answered", first, kept };
}

const WRITE = "INSERT OR REPLACE INTO repeatables (space, key, alias, fingerprint, request_id) VALUES (?, ?, ?, ?, ?)";

/** Remembers the first request with a key. A record that is too old is replaced. */
export function writeRepeatable(
  database: Database,
  space: string,
  { key, alias, fingerprint }: Repeatable,
  requestId: string,
): void {
  database.run(WRITE, space, key, alias ?? null, fingerprint, requestId);
}

/** Lets the key of a request be used again. */
export function forgetRepeatable(database: Database, requestId: string): void {
  database.run("DELETE FROM repeatables WHERE request_id = ?", requestId);
}

/** Keeps the key of a request that was answered until a time. */
export function keepRepeatable(database: Database, requestId: string, until: number): void {
  database.run("UPDATE repeatables SET until = ? WHERE request_id = ?", until, requestId);
}

function keptIn(row: FirstRow): KeptAnswer | null {
  const { kept_status: status, kept_type: contentType, kept_payment_response: paymentResponse } = row;
  if (status === null || contentType === null) return null;
  return { status, contentType, ...(paymentResponse === null ? {} : { paymentResponse }) };
}
