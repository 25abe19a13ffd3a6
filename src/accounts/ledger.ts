import type { PlanName } from "../../schemas/plans.ts";
import { NO_UNITS } from "../../schemas/prices.ts";
import type { Database } from "../storage/database.ts";
import type { Balance, Transfer } from "./calls.ts";
import type { ChargeEntry } from "./charge-entry.ts";
import { countUsage } from "./usage.ts";

/** The day of a time, in UTC. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

const ACCOUNT = `
  SELECT plan, balance, owed, (SELECT coalesce(sum(held), 0) FROM reservations WHERE until > ?) AS reserved
  FROM account`;

interface AccountRow {
  readonly plan: PlanName;
  readonly balance: number;
  readonly owed: number;
  readonly reserved: number;
}

/** What the account has, without reservations that are over. */
export function readBalance(database: Database, now: number): Omit<Balance, "disabledWebhooks"> {
  const { plan, balance, owed, reserved } = read(database, now);
  return { plan, available: Math.max(0, balance - reserved - owed), reserved, owed };
}

/** The money that no request has reserved, before what is owed is taken from it. */
export function readUnreserved(database: Database, now: number): number {
  const { balance, reserved } = read(database, now);
  return Math.max(0, balance - reserved);
}

/** The amount with which a transfer was booked before, without its sign; null when it was not. */
export function bookedBefore(database: Database, { kind, reference }: Transfer): number | null {
  const statement = "SELECT amount FROM entries WHERE kind = ? AND reference = ?";
  const [known] = database.all<{ amount: number }>(statement, kind, reference);
  return known ? Math.abs(known.amount) : null;
}

/** Books a transfer unless it is booked, in a transaction of the caller's. False when it was booked before. */
export function bookTransfer(database: Database, transfer: Transfer, now: number): boolean {
  const { kind, reference, amount } = transfer;
  if (!Number.isSafeInteger(amount) || amount <= 0) throw new RangeError(`a transfer of ${amount} nano-dollars`);
  if (bookedBefore(database, transfer) !== null) return false;
  if (kind === "refund" || kind === "dispute") {
    const taken = Math.min(amount, readUnreserved(database, now));
    bookEntry(database, kind, reference, 0 - taken, now);
    database.run("UPDATE account SET owed = owed + ?", amount - taken);
  } else {
    bookEntry(database, kind, reference, amount, now);
    collectOwed(database, now);
  }
  return true;
}

/** Takes what is owed from the money that is not reserved, in a transaction of the caller's. */
export function collectOwed(database: Database, now: number): void {
  const { balance, owed, reserved } = read(database, now);
  const taken = Math.min(owed, Math.max(0, balance - reserved));
  if (taken === 0) return;
  const [last] = database.all<{ number: number }>("SELECT count(*) AS number FROM entries WHERE kind = 'owed'");
  bookEntry(database, "owed", String((last?.number ?? 0) + 1), 0 - taken, now);
  database.run("UPDATE account SET owed = owed - ?", taken);
}

/** Books a charge and counts it, in a transaction of the caller's. */
export function bookCharge(database: Database, charge: ChargeEntry, now: number): void {
  bookEntry(database, "charge", charge.requestId, 0 - charge.amount, now, charge, charge);
  countUsage(database, dayOf(now), charge);
}

/** Books the money that came with a request. */
export function bookPayment(database: Database, charge: ChargeEntry, now: number): void {
  bookEntry(database, "payment", charge.requestId, charge.amount, now, charge);
}

/** Kinds of entries: a transfer's, and what is charged, paid with a request, or paid later of what is owed. */
type EntryKind = Transfer["kind"] | "charge" | "payment" | "owed";

const BOOK = `
  INSERT INTO entries (kind, reference, amount, at, day, key_id, operation, requests, calls, entities, masks, cost,
    requests_without_cost)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

function bookEntry(
  database: Database,
  kind: EntryKind,
  reference: string,
  amount: number,
  now: number,
  request: Pick<ChargeEntry, "keyId" | "operation"> | null = null,
  charge: ChargeEntry | null = null,
): void {
  const { calls, entities, masks } = charge?.units ?? NO_UNITS;
  const costs = [charge?.cost ?? 0, charge && charge.cost === null ? 1 : 0];
  const counts = [charge ? 1 : 0, calls, entities, masks, ...costs];
  const causes = [dayOf(now), request?.keyId ?? null, request?.operation ?? null];
  database.run(BOOK, kind, reference, amount, now, ...causes, ...counts);
  if (amount !== 0) database.run("UPDATE account SET balance = balance + ?", amount);
}

const ADD_UP = `
  INSERT INTO entries (kind, reference, amount, at, day, key_id, operation, requests, calls, entities, masks, cost,
    requests_without_cost)
  SELECT kind || 's', day || '/' || key_id || '/' || operation, sum(amount), max(at), day, key_id, operation,
    sum(requests), sum(calls), sum(entities), sum(masks), sum(cost), sum(requests_without_cost)
  FROM entries WHERE kind IN ('charge', 'payment') AND day < ? GROUP BY kind, day, key_id, operation
  ON CONFLICT (kind, reference) DO UPDATE SET amount = amount + excluded.amount, requests = requests + excluded.requests,
    calls = calls + excluded.calls, entities = entities + excluded.entities, masks = masks + excluded.masks,
    cost = cost + excluded.cost, requests_without_cost = requests_without_cost + excluded.requests_without_cost`;

/** Replaces the charges of the days before this one by their sums by day, key and operation. */
export function addUpCharges(database: Database, before: string): void {
  database.transaction(() => {
    database.run(ADD_UP, before);
    database.run("DELETE FROM entries WHERE kind IN ('charge', 'payment') AND day < ?", before);
  });
}

function read(database: Database, now: number): AccountRow {
  const [row] = database.all<AccountRow>(ACCOUNT, now);
  if (!row) throw new Error("the account has no row");
  return row;
}
