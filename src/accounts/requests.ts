import type { PaidOperation } from "../../schemas/prices.ts";
import { answerKey } from "../storage/answer-store.ts";
import type { Database } from "../storage/database.ts";
import type { KeptAnswer } from "./calls.ts";
import type { ChargeEntry } from "./charge-entry.ts";

/** A request that delivered something. */
export interface RequestRow {
  /** The key and the operation; empty where the request had been released before it was settled. */
  readonly key_id: string;
  readonly operation: PaidOperation | "";
  readonly most: number;
  readonly amount: number;
  readonly cost: number | null;
  readonly is_in_doubt: number;
  readonly is_forgotten: number;
}

/** The record of a request; undefined when it delivered nothing so far, or too long ago. */
export function readRequest(database: Database, requestId: string): RequestRow | undefined {
  const columns = "key_id, operation, most, amount, cost, is_in_doubt, is_forgotten";
  return database.all<RequestRow>(`SELECT ${columns} FROM requests WHERE request_id = ?`, requestId)[0];
}

/** What is recorded of a request when it is settled. */
export interface RequestRecord extends Omit<ChargeEntry, "operation"> {
  readonly operation: RequestRow["operation"];
  readonly most: number;
  readonly kept: KeptAnswer | null;
  readonly isInDoubt: boolean;
}

const WRITE = `
  INSERT INTO requests (request_id, key_id, operation, at, most, amount, calls, entities, masks, cost, is_in_doubt)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export function writeRequest(database: Database, record: RequestRecord, now: number): void {
  const { requestId, keyId, operation, most, amount, units, cost, kept, isInDoubt } = record;
  const counts = [units.calls, units.entities, units.masks, cost];
  database.run(WRITE, requestId, keyId, operation, now, most, amount, ...counts, Number(isInDoubt));
  if (kept) writeKept(database, requestId, kept);
}

const WRITE_KEPT = "UPDATE requests SET kept_status = ?, kept_type = ?, kept_payment_response = ? WHERE request_id = ?";

/** Records how the answer of a request is kept; null when it is not. */
export function writeKept(database: Database, requestId: string, kept: KeptAnswer | null): void {
  const { status = null, contentType = null, paymentResponse = null } = kept ?? {};
  database.run(WRITE_KEPT, status, contentType, paymentResponse, requestId);
}

/** Ends the doubt about the payment of a request. */
export function endDoubt(database: Database, requestId: string, amount: number): void {
  database.run("UPDATE requests SET is_in_doubt = 0, amount = ? WHERE request_id = ?", amount, requestId);
}

/** Records the names of what a request stored. */
export function addNames(database: Database, requestId: string, names: readonly string[]): void {
  if (names.length === 0) return;
  const statement = "INSERT OR IGNORE INTO left_names (request_id, name) SELECT ?, value FROM json_each(?)";
  database.run(statement, requestId, JSON.stringify(names));
}

/** Has the request's answer in R2 deleted at a time. */
export function deleteAnswerAt(database: Database, requestId: string, until: number): void {
  database.run("INSERT OR REPLACE INTO answers (request_id, until) VALUES (?, ?)", requestId, until);
}

/** Requests whose answers in R2 are to be deleted. */
export function outdatedAnswers(database: Database, now: number, limit: number): string[] {
  const statement = "SELECT request_id FROM answers WHERE until <= ? ORDER BY until LIMIT ?";
  return database.all<{ request_id: string }>(statement, now, limit).map((row) => row.request_id);
}

/** Notes that answers in R2 were deleted. */
export function forgetAnswers(database: Database, requestIds: readonly string[]): void {
  const statement = "DELETE FROM answers WHERE request_id IN (SELECT value FROM json_each(?))";
  database.run(statement, JSON.stringify(requestIds));
}

const ONLY_ITS_OWN = `
  SELECT name FROM left_names AS own WHERE request_id = ?
    AND NOT EXISTS (SELECT 1 FROM left_names AS other WHERE other.name = own.name AND other.request_id <> own.request_id)`;

/**
 * Names of what only this request left: no other request that is remembered left the same. Null while the request is
 * neither settled nor released.
 */
export function leftBy(database: Database, requestId: string): string[] | null {
  if (database.all("SELECT 1 FROM reservations WHERE request_id = ?", requestId).length > 0) return null;
  const names = database.all<{ name: string }>(ONLY_ITS_OWN, requestId);
  const answers = database.all<{ name: string }>(
    "SELECT name FROM account WHERE EXISTS (SELECT 1 FROM answers WHERE request_id = ?)",
    requestId,
  );
  return [...names.map(({ name }) => name), ...answers.map(({ name }) => answerKey(name, requestId))];
}

/** Forgets what a request left, and that its answer was kept. */
export function forgetRequest(database: Database, requestId: string): void {
  database.transaction(() => {
    database.run("DELETE FROM left_names WHERE request_id = ?", requestId);
    database.run("DELETE FROM answers WHERE request_id = ?", requestId);
    database.run("UPDATE requests SET is_forgotten = 1 WHERE request_id = ?", requestId);
    writeKept(database, requestId, null);
  });
}

/** Deletes the records of requests that were settled up to a time. */
export function deleteRequests(database: Database, until: number): void {
  database.transaction(() => {
    database.run("DELETE FROM left_names WHERE request_id IN (SELECT request_id FROM requests WHERE at <= ?)", until);
    database.run("DELETE FROM requests WHERE at <= ?", until);
  });
}
