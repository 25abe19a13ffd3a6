import { LIMITS } from "../../schemas/limits.ts";
import type { DeliveryAttempt, DeliveryFacts } from "../../schemas/webhooks.ts";
import type { Database } from "../storage/database.ts";
import type { DeliveryNote } from "./webhook-calls.ts";
import { disableWebhook } from "./webhook-endpoints.ts";

interface DeliveryRow {
  readonly delivery_id: string;
  readonly event: string;
  readonly subject: string | null;
  readonly at: number;
  /** JSON of `DeliveryAttempt[]`, the newest first. */
  readonly attempts: string;
}

/** The status with which a receiver says that it wants nothing more. */
const GONE = 410;

/**
 * Records an attempt at a delivery; recording it again changes nothing. An endpoint that answered 410 is disabled at
 * once, and one of which every attempt has failed for `LIMITS.webhookFailingSeconds` with its next failure.
 */
export function noteDelivery(database: Database, note: DeliveryNote): void {
  database.transaction(() => {
    const [endpoint] = database.all<EndpointRow>(FIND_ENDPOINT, note.endpoint);
    if (!endpoint) return;
    writeAttempt(database, note);
    if (note.error === null) countSuccess(database, note);
    else countFailure(database, note, endpoint);
  });
}

interface EndpointRow {
  readonly failing_since: number | null;
  readonly counts_from: number;
}

const FIND_ENDPOINT = "SELECT failing_since, counts_from FROM webhooks WHERE id = ?";
const SUCCESS = `
  UPDATE webhooks SET counts_from = max(counts_from, ?1),
    failing_since = CASE WHEN failing_since > ?1 THEN failing_since END
  WHERE id = ?2`;

function countSuccess(database: Database, { endpoint, at }: DeliveryNote): void {
  database.run(SUCCESS, at, endpoint);
}

/** A failure before the last success, or before the endpoint was enabled again, says nothing. */
function countFailure(database: Database, note: DeliveryNote, { failing_since, counts_from }: EndpointRow): void {
  const { endpoint, at, status } = note;
  if (at < counts_from) return;
  const since = Math.min(failing_since ?? at, at);
  database.run("UPDATE webhooks SET failing_since = ? WHERE id = ?", since, endpoint);
  if (status === GONE) disableWebhook(database, endpoint, "gone", at);
  else if (at - since >= LIMITS.webhookFailingSeconds * 1000) disableWebhook(database, endpoint, "failing", at);
}

const DELIVERIES = "SELECT delivery_id, event, subject, at, attempts FROM deliveries WHERE webhook_id = ?";
const WRITE = `
  INSERT INTO deliveries (webhook_id, delivery_id, event, subject, at, attempts) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET at = min(at, excluded.at), attempts = excluded.attempts`;
const DROP_OLDEST = `
  DELETE FROM deliveries WHERE webhook_id = ?1 AND delivery_id IN (
    SELECT delivery_id FROM deliveries WHERE webhook_id = ?1 ORDER BY at DESC, delivery_id DESC LIMIT -1 OFFSET ?2)`;

function writeAttempt(database: Database, note: DeliveryNote): void {
  const { endpoint, delivery, event, subject, attempt, at, status, error, nextAt } = note;
  const [known] = database.all<DeliveryRow>(`${DELIVERIES} AND delivery_id = ?`, endpoint, delivery);
  const others = (known ? attemptsOf(known) : []).filter((one) => one.attempt !== attempt);
  const made: DeliveryAttempt = {
    attempt,
    at: isoTime(at),
    status,
    error: error === null ? null : error.slice(0, LIMITS.detailLength),
    next_at: nextAt === null ? null : isoTime(nextAt),
  };
  const attempts = [made, ...others].sort((one, other) => other.attempt - one.attempt).slice(0, LIMITS.webhookAttempts);
  database.run(WRITE, endpoint, delivery, event, subject, at, JSON.stringify(attempts));
  if (!known) database.run(DROP_OLDEST, endpoint, LIMITS.webhookDeliveries);
}

/** The newest deliveries to an endpoint, newest first. */
export function listDeliveries(database: Database, endpoint: string): DeliveryFacts[] {
  const statement = `${DELIVERIES} ORDER BY at DESC, delivery_id DESC LIMIT ?`;
  return database.all<DeliveryRow>(statement, endpoint, LIMITS.webhookDeliveries).map(factsOf);
}

export function findDelivery(database: Database, endpoint: string, delivery: string): DeliveryFacts | null {
  const [row] = database.all<DeliveryRow>(`${DELIVERIES} AND delivery_id = ?`, endpoint, delivery);
  return row ? factsOf(row) : null;
}

/** Deletes the deliveries that were first tried up to a time. */
export function deleteDeliveries(database: Database, until: number): void {
  database.run("DELETE FROM deliveries WHERE at <= ?", until);
}

const attemptsOf = ({ attempts }: DeliveryRow): DeliveryAttempt[] => JSON.parse(attempts) as DeliveryAttempt[];
const isoTime = (time: number): string => new Date(time).toISOString();

function factsOf(row: DeliveryRow): DeliveryFacts {
  const attempts = attemptsOf(row);
  const [last] = attempts;
  const state = last?.error === null ? "delivered" : last?.next_at ? "pending" : "failed";
  const { delivery_id: id, event, subject } = row;
  return { id, event, subject, state, created_at: isoTime(row.at), attempts };
}
