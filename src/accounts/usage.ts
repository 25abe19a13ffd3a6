import type { PaidOperation } from "../../schemas/prices.ts";
import type { Database } from "../storage/database.ts";
import type { UsageLine, UsageQuery } from "./calls.ts";
import type { ChargeEntry } from "./charge-entry.ts";
import { readCursor, writeCursor } from "./usage-cursor.ts";

const COUNT = `
  INSERT INTO usage VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET requests = requests + 1, calls = calls + excluded.calls,
    entities = entities + excluded.entities, masks = masks + excluded.masks, amount = amount + excluded.amount,
    cost = cost + excluded.cost, requests_without_cost = requests_without_cost + excluded.requests_without_cost`;

/** Adds a charge to the sums of its day, key and operation. */
export function countUsage(database: Database, day: string, charge: ChargeEntry): void {
  const { keyId, operation, units, amount, cost } = charge;
  const counts = [units.calls, units.entities, units.masks, amount, cost ?? 0, cost === null ? 1 : 0];
  database.run(COUNT, day, keyId, operation, ...counts);
}

const PAGE = `
  SELECT day, key_id, operation, requests, calls, entities, masks, amount, cost, requests_without_cost FROM usage
  WHERE day >= ?1 AND day <= ?2 AND (?3 IS NULL OR key_id = ?3) AND (?4 IS NULL OR operation = ?4)
    AND (day, key_id, operation) < (?5, ?6, ?7)
  ORDER BY day DESC, key_id DESC, operation DESC LIMIT ?8`;

/** Is behind every day. */
const NO_BOUND = "~";

interface UsageRow {
  readonly day: string;
  readonly key_id: string;
  readonly operation: PaidOperation;
  readonly requests: number;
  readonly calls: number;
  readonly entities: number;
  readonly masks: number;
  readonly amount: number;
  readonly cost: number;
  readonly requests_without_cost: number;
}

/**
 * A page of usage, newest day first. Lines that are added meanwhile do not move those of later pages. After a cursor
 * that cannot be read there is nothing.
 */
export function readUsage(
  database: Database,
  { from, to, keyId, operation, cursor, limit }: UsageQuery,
): { lines: UsageLine[]; cursor: string | null } {
  const after = cursor === null ? ([NO_BOUND, "", ""] as const) : readCursor(cursor);
  if (!after) return { lines: [], cursor: null };
  // One more than the page has says whether there is another.
  const rows = database.all<UsageRow>(PAGE, from ?? "", to ?? NO_BOUND, keyId, operation, ...after, limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    lines: rows.slice(0, limit).map(lineOf),
    cursor: last ? writeCursor([last.day, last.key_id, last.operation]) : null,
  };
}

function lineOf({ key_id, calls, entities, masks, requests_without_cost, ...same }: UsageRow): UsageLine {
  return { ...same, keyId: key_id, units: { calls, entities, masks }, requestsWithoutCost: requests_without_cost };
}
