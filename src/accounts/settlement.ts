import { LIMITS } from "../../schemas/limits.ts";
import type { PaidOperation } from "../../schemas/prices.ts";
import type { Database } from "../storage/database.ts";
import type { SettleCall, Settlement } from "./calls.ts";
import { bookCharge, bookPayment, collectOwed, readBalance, readUnreserved } from "./ledger.ts";
import { forgetRepeatable, keepRepeatable } from "./repeatables.ts";
import {
  addNames,
  deleteAnswerAt,
  endDoubt,
  type RequestRow,
  readRequest,
  writeKept,
  writeRequest,
} from "./requests.ts";

interface Reservation {
  readonly key_id: string;
  readonly operation: PaidOperation;
  readonly is_payment: number;
  readonly most: number;
  readonly until: number;
}

/**
 * Charges a request that delivered something, once. A request without a reservation, because it was released, is
 * charged nothing; what it left is recorded, so that it can be deleted.
 */
export function settleRequest(database: Database, call: SettleCall, now: number): Settlement {
  if (!Number.isSafeInteger(call.amount) || call.amount < 0) throw new RangeError(`${call.amount} nano-dollars`);
  return database.transaction(() => ({
    amount: settle(database, call, now),
    available: readBalance(database, now).available,
  }));
}

/** Frees the money of a request that delivered nothing, and its `Idempotency-Key`. */
export function releaseRequest(database: Database, requestId: string, now: number): void {
  database.transaction(() => release(database, requestId, now));
}

/** The reservations that are over and were neither settled nor released. */
export function overdue(database: Database, now: number, limit: number): string[] {
  const rows = database.all<{ request_id: string }>(
    "SELECT request_id FROM reservations WHERE until <= ? ORDER BY until LIMIT ?",
    now,
    limit,
  );
  return rows.map((row) => row.request_id);
}

/**
 * Ends a reservation that is over: settles it from what was stored with its answer, or releases it. Whether a payment
 * was settled is not known then.
 */
export function endOverdue(
  database: Database,
  requestId: string,
  facts: Pick<SettleCall, "amount" | "units" | "cost" | "kept"> | null,
  now: number,
): void {
  database.transaction(() => {
    const open = readReservation(database, requestId);
    if (!open || open.until > now) return;
    if (!facts) return release(database, requestId, now);
    settle(database, { requestId, ...facts, left: [], inDoubt: open.is_payment === 1 }, now);
    // It was stored only so that the request could be settled.
    if (!facts.kept) deleteAnswerAt(database, requestId, now);
  });
}

function settle(database: Database, call: SettleCall, now: number): number {
  const { requestId, units, cost, kept, left } = call;
  const settled = readRequest(database, requestId);
  if (settled) return settleAgain(database, settled, call, now);
  const end = now + LIMITS.idempotencySeconds * 1000;
  if (kept) deleteAnswerAt(database, requestId, end);
  addNames(database, requestId, left);
  const open = readReservation(database, requestId);
  if (!open) {
    const none = {
      requestId,
      keyId: "",
      operation: "",
      units,
      most: 0,
      amount: 0,
      cost,
      kept,
      isInDoubt: false,
    } as const;
    writeRequest(database, none, now);
    return 0;
  }
  const { key_id: keyId, operation, most, is_payment: isPayment } = open;
  database.run("DELETE FROM reservations WHERE request_id = ?", requestId);
  keepRepeatable(database, requestId, end);
  const authorised = Math.min(call.amount, most);
  // Money of a reservation that is over may be reserved for others by now.
  const amount = isPayment ? authorised : Math.min(authorised, readUnreserved(database, now));
  const isInDoubt = isPayment === 1 && call.inDoubt === true;
  const charge = { requestId, keyId, operation, units, amount, cost };
  writeRequest(database, { ...charge, most, kept, isInDoubt }, now);
  if (isInDoubt) return amount;
  if (isPayment) bookPayment(database, charge, now);
  bookCharge(database, charge, now);
  collectOwed(database, now);
  return amount;
}

/** A further settlement of a request: it ends a doubt, or changes no money. */
function settleAgain(database: Database, settled: RequestRow, call: SettleCall, now: number): number {
  const { requestId, units, left, inDoubt = false } = call;
  // A settlement that was made from the stored answer knows no names.
  if (!settled.is_forgotten) addNames(database, requestId, left);
  const { key_id: keyId, operation, cost } = settled;
  if (!settled.is_in_doubt || inDoubt || operation === "") return settled.amount;
  const amount = Math.min(call.amount, settled.most);
  endDoubt(database, requestId, amount);
  if (!settled.is_forgotten) writeKept(database, requestId, call.kept);
  const charge = { requestId, keyId, operation, units, amount, cost };
  bookPayment(database, charge, now);
  bookCharge(database, charge, now);
  return amount;
}

function release(database: Database, requestId: string, now: number): void {
  const settled = readRequest(database, requestId);
  if (settled && !settled.is_in_doubt) return;
  // A payment in doubt was not made: what it was to pay for was not delivered.
  if (settled) endDoubt(database, requestId, 0);
  database.run("DELETE FROM reservations WHERE request_id = ?", requestId);
  forgetRepeatable(database, requestId);
  collectOwed(database, now);
}

function readReservation(database: Database, requestId: string): Reservation | undefined {
  const statement = "SELECT key_id, operation, is_payment, most, until FROM reservations WHERE request_id = ?";
  return database.all<Reservation>(statement, requestId)[0];
}
