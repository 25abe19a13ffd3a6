import { LIMITS } from "../../schemas/limits.ts";
import { PLANS, type PlanName } from "../../schemas/plans.ts";
import type { Database } from "../storage/database.ts";
import { KEY_STATE, type KeyState, refusalOf } from "./account-keys.ts";
import { admittedBefore } from "./admitted-before.ts";
import type { Admission, AdmitCall, Credential, Quota } from "./calls.ts";
import { countRequest, quotasOf, type Windows } from "./quotas.ts";
import { findFirst, PAYMENT_SPACE, type Unresolved, writeRepeatable } from "./repeatables.ts";
import { readSettings } from "./settings.ts";
import { disabledWebhooks } from "./webhook-endpoints.ts";

/** The id of the key in the usage of payments that came with a request. */
export const PAYMENT_KEY_ID = "payment";

interface AccountRow extends KeyState, Windows {
  readonly plan: PlanName;
  readonly balance: number;
  readonly owed: number;
}

const FIND = `
  SELECT plan, balance, owed, minute, minute_requests, day, day_requests, ${KEY_STATE}
  FROM account LEFT JOIN keys ON hash = ?`;
const RUNNING = "SELECT count(*) AS requests, coalesce(sum(held), 0) AS held FROM reservations WHERE until > ?";
const RESERVE = `
  INSERT INTO reservations (request_id, key_id, operation, is_payment, most, held, deadline, until)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

/** When a reservation ends that nobody settles or releases. A call that comes late has its time to settle too. */
export function reservationEnd({ deadline, settleMs = LIMITS.settleSeconds * 1000 }: AdmitCall, now: number): number {
  return Math.max(deadline, now) + settleMs;
}

/**
 * Admits a request and reserves the most that it may cost, or says why not and changes nothing. A request whose
 * reservation is open gets its admission again; one that was settled has ended; one that was released is a new one.
 */
export function admitRequest(database: Database, call: AdmitCall, now: number): Admission | Unresolved {
  if (!Number.isSafeInteger(call.most) || call.most < 0) throw new RangeError(`at most ${call.most} nano-dollars`);
  return database.transaction(() => admit(database, call, now));
}

function admit(database: Database, call: AdmitCall, now: number): Admission | Unresolved {
  const { credential, requestId, operation, repeatable } = call;
  const isPayment = "payment" in credential;
  const key = "key" in credential ? credential : null;
  const [row] = database.all<AccountRow>(FIND, key?.key ?? null);
  if (!row) throw new Error("the account has no row");
  const mode = row.mode ?? "live";
  const plan = PLANS[row.plan];
  const admitted = (keyId: string | null, available: number, most: number, quotas: readonly Quota[]): Admission => ({
    outcome: "admitted",
    keyId,
    mode,
    available: isPayment ? null : available,
    most,
    quotas,
    keepSeconds: readSettings(database).resultSeconds,
    disabledWebhooks: disabledWebhooks(database),
  });
  const availableBeside = (reserved: number) => Math.max(0, row.balance - reserved - row.owed);
  const earlier = admittedBefore(database, requestId, now);
  const [running] = database.all<{ requests: number; held: number }>(RUNNING, now);
  const { requests = 0, held: reserved = 0 } = running ?? {};
  if (earlier?.outcome === "open") {
    const { keyId, most, held } = earlier;
    return admitted(isPayment ? null : keyId, availableBeside(reserved - held), most, quotasOf(plan, row, now, 0));
  }
  if (earlier) return earlier;

  const refused = key && refusalOf(row, key.scope, now);
  if (refused) return refused;
  if (call.bodyBytes > plan.bodyBytes) return { outcome: "body_too_large", plan: row.plan, limit: plan.bodyBytes };
  if (call.entities > plan.entities) return { outcome: "too_many_entities", plan: row.plan, limit: plan.entities };

  // The keys of test requests are not those of live ones.
  const space = isPayment ? PAYMENT_SPACE : `${mode} ${operation}`;
  const first = repeatable && findFirst(database, space, repeatable, now);
  if (first) return first;

  const before = quotasOf(plan, row, now, 0);
  const used = before.findLast(({ remaining }) => remaining === 0);
  if (used) return { outcome: "over_quota", plan: row.plan, quotas: before, name: used.name };
  if (requests >= plan.concurrentRequests) {
    return { outcome: "too_many_at_once", plan: row.plan, limit: plan.concurrentRequests, quotas: before };
  }
  const available = availableBeside(reserved);
  const most = mode === "test" ? 0 : call.most;
  const held = isPayment ? 0 : most;
  if (held > available) return { outcome: "no_money", available };

  countRequest(database, row, now);
  const keyId = keyIdOf(credential, row);
  const keyName = keyId ?? PAYMENT_KEY_ID;
  const until = reservationEnd(call, now);
  database.run(RESERVE, requestId, keyName, operation, Number(isPayment), most, held, call.deadline, until);
  if (repeatable) writeRepeatable(database, space, repeatable, requestId);
  return admitted(keyId, available, most, quotasOf(plan, row, now, 1));
}

/** What names the payer in the account's usage; null for a payment. */
function keyIdOf(credential: Credential, { key_id }: KeyState): string | null {
  return "source" in credential ? `source:${credential.source}` : key_id;
}
