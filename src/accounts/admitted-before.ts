import type { Database } from "../storage/database.ts";
import type { Delivered } from "./calls.ts";
import type { Unresolved } from "./repeatables.ts";

/** A reservation that is open. */
export interface OpenReservation {
  readonly outcome: "open";
  readonly keyId: string;
  readonly isPayment: boolean;
  readonly most: number;
  readonly held: number;
}

interface Row {
  readonly key_id: string;
  readonly is_payment: number;
  readonly most: number;
  readonly held: number;
  readonly until: number;
}

const RESERVATION = "SELECT key_id, is_payment, most, held, until FROM reservations WHERE request_id = ?";
const SETTLED = "SELECT amount, calls, entities, masks FROM requests WHERE request_id = ?";

/**
 * What became of an earlier admission of this request: its reservation is open, is over and nobody ended it, or was
 * settled. Null where there was none, or it was released: the request may be admitted anew then.
 */
export function admittedBefore(
  database: Database,
  requestId: string,
  now: number,
): OpenReservation | Unresolved | { readonly outcome: "ended"; readonly first: Delivered } | null {
  const [open] = database.all<Row>(RESERVATION, requestId);
  if (open && open.until <= now) return { outcome: "unresolved", requestId };
  if (open) {
    const { key_id: keyId, is_payment, most, held } = open;
    return { outcome: "open", keyId, isPayment: is_payment === 1, most, held };
  }
  const [settled] = database.all<{ amount: number } & Delivered["units"]>(SETTLED, requestId);
  if (!settled) return null;
  const { amount, ...units } = settled;
  return { outcome: "ended", first: { requestId, amount, units: { ...units } } };
}
