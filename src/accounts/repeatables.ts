import type { Admission, Delivered, KeptAnswer, Repeatable } from "./calls.ts";
import type { Database } from "./database.ts";

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
  readonly is_in_doubt: number;
}

const FIRST = `
  SELECT fingerprint, request_id, repeatables.until AS until, deadline, reservations.until AS reserved_until, amount,
    calls, entities, masks, kept_status, kept_type, is_in_doubt
  FROM repeatables LEFT JOIN reservations USING (request_id) LEFT JOIN requests USING (request_id)
  WHERE space = ? AND key = ?`;

/**
 * What a repeat of a request gets; null where there is no first one, so that this one is the first. In a transaction of
 * the caller's.
 *
 * @param space in which the caller's keys are told apart
 */
export function findFirst(
  database: Database,
  space: string,
  { key, fingerprint }: Repeatable,
  now: number,
): Admission | { readonly outcome: "unresolved"; readonly requestId: string } | null {
  const [row] = database.all<FirstRow>(FIRST, space, key);
  if (!row) return null;
  const { request_id: requestId, reserved_until: reservedUntil } = row;
  const isOver = reservedUntil !== null && reservedUntil <= now;
  if (isOver) return { outcome: "unresolved", requestId };
  if (reservedUntil === null && (row.until === null || row.until <= now)) {
    forgetRepeatable(database, requestId);
    return null;
  }
  if (row.fingerprint !== fingerprint) return { outcome: "key_reused", requestId };
  if (reservedUntil !== null) {
    const end = row.deadline !== null && row.deadline > now ? row.deadline : reservedUntil;
    return { outcome: "in_flight", requestId, retryAfterMs: end - now };
  }
  const { calls, entities, masks, kept_status: status, kept_type: contentType } = row;
  const first: Delivered = { requestId, amount: row.amount ?? 0, units: { calls, entities, masks } };
  const kept: KeptAnswer | null = status === null || contentType === null ? null : { status, contentType };
  return kept && row.is_in_doubt ? { outcome: "in_doubt", first, kept } : { outcome: "answered", first, kept };
}

/** Lets the key of a request be used again. */
export function forgetRepeatable(database: Database, requestId: string): void {
  database.run("DELETE FROM repeatables WHERE request_id = ?", requestId);
}

/** Keeps the key of a request that was answered until a time. */
export function keepRepeatable(database: Database, requestId: string, until: number): void {
  database.run("UPDATE repeatables SET until = ? WHERE request_id = ?", until, requestId);
}
