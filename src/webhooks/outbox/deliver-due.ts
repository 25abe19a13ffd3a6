import type { DeliveryNote } from "../../../schemas/delivery-note.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { createLimiter } from "../../net/connections.ts";
import { describeError } from "../../observe/log.ts";
import { untilAborted } from "../../resilience/until-aborted.ts";
import type { Runtime } from "../../runtime.ts";
import type { Database } from "../../storage/database.ts";
import { type DueMessage, dueIds, giveUp, postpone, recordAttempt, takeDue } from "./attempts.ts";
import { type SendDependencies, type Sent, sendWebhook, type Target } from "./send.ts";

/** An account, as far as its outbox asks it and tells it (`AccountCalls` of src/accounts/calls.ts). */
export interface OutboxAccount {
  /** Where an endpoint is now; null where it is disabled or deleted. */
  webhook(id: string): Promise<Target | null>;
  /** Records an attempt at a delivery to an endpoint. */
  noteDelivery(note: DeliveryNote): Promise<void>;
}

export interface DeliverDependencies extends SendDependencies, Pick<Runtime, "chance"> {
  readonly database: Database;
  readonly account: OutboxAccount;
}

/** When an account that did not answer is asked again, in milliseconds. Set by hand. */
const ACCOUNT_AWAY_MS = 60_000;

/**
 * Makes every attempt that is due, at most five at a time, and resolves when all have ended: after some 20 s for each
 * five of them at the latest. A receiver that fails is no failure here: it is recorded, and tried again when `nextDue`
 * says. What was sent and not recorded, because the process ended, is sent again under the same id. Not to be called
 * while an earlier call runs: a message would be sent twice.
 */
export async function deliverDue(dependencies: DeliverDependencies): Promise<void> {
  const { database, clock } = dependencies;
  const limit = createLimiter();
  const attempts = dueIds(database, clock()).map((id) => limit(() => attempt(id, dependencies)));
  for (const ended of await Promise.allSettled(attempts)) if (ended.status === "rejected") throw ended.reason;
}

async function attempt(id: string, dependencies: DeliverDependencies): Promise<void> {
  const { database, clock, chance } = dependencies;
  const due = takeDue(database, id, clock());
  if (!due) return;
  const target = await findTarget(due, dependencies);
  if (target === "not known") return postpone(database, due, clock() + ACCOUNT_AWAY_MS);
  if (!target) return giveUp(database, due);
  const at = clock();
  // While the account was asked, the message may have been dropped, or asked for again.
  const message = takeDue(database, id, at);
  if (!message) return;
  const sent = await sendWebhook(target, message, dependencies);
  const nextAt = recordAttempt(database, message, sent, clock(), chance());
  await tell(message, sent, at, nextAt, dependencies);
}

/** Where a message goes now: an endpoint may have moved, and its secrets may have been rotated. */
async function findTarget(
  { endpoint, url, secret }: DueMessage,
  { account, timer, log }: DeliverDependencies,
): Promise<Target | null | "not known"> {
  if (endpoint === null) return url !== null && secret !== null ? { url, secrets: [secret] } : null;
  try {
    return await untilAborted(account.webhook(endpoint), timer(LIMITS.accountMs));
  } catch (error) {
    log({ event: "webhook_endpoint_unknown", endpoint, ...describeError(error) });
    return "not known";
  }
}

/** Tells the log and the account of an attempt. An account that cannot be told is not told: the message is recorded. */
async function tell(
  { id, endpoint, subject, event, attempts }: DueMessage,
  { status, error, ms }: Sent,
  at: number,
  nextAt: number | null,
  { account, timer, log }: DeliverDependencies,
): Promise<void> {
  const note = { delivery: id, attempt: attempts + 1, status, error, nextAt };
  log({ event: "webhook_delivery", ...note, endpoint, ms });
  if (endpoint === null) return;
  try {
    await untilAborted(account.noteDelivery({ ...note, endpoint, subject, event, at }), timer(LIMITS.accountMs));
  } catch (reason) {
    log({ event: "webhook_note_lost", delivery: id, endpoint, ...describeError(reason) });
  }
}
