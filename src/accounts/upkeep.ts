import * as z from "zod/mini";
import { LIMITS } from "../../schemas/limits.ts";
import { Units } from "../../schemas/prices.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { AnswerFacts, AnswerStore } from "../storage/answer-store.ts";
import type { Database } from "../storage/database.ts";
import { deleteDeliveries } from "./deliveries.ts";
import { addUpCharges, dayOf } from "./ledger.ts";
import { deleteRequests, forgetAnswers, outdatedAnswers } from "./requests.ts";
import { endOverdue, overdue } from "./settlement.ts";
import { dropSecrets } from "./webhook-endpoints.ts";

/** The most keys in one call that deletes from R2. */
const DELETED_AT_ONCE = 1_000;
/** Reservations that one round looks up in R2. The next round follows. */
const OVERDUE_AT_ONCE = 100;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What was stored with an answer, of which a lost settlement can be made (src/accounts/paid-request.ts). */
const Facts = z.object({
  amount: z.int().check(z.gte(0)),
  units: Units,
  cost: z.nullable(z.int()),
  kept: z.nullable(z.object({ status: z.int(), contentType: z.string() })),
});

/** What upkeep works on. */
export interface Upkeep {
  readonly database: Database;
  readonly answers: AnswerStore;
  /** The account's name. */
  readonly name: string;
  readonly clock: () => number;
  readonly timer: (milliseconds: number) => AbortSignal;
}

/**
 * Does what is due: ends reservations that are over, deletes what is old, and adds up old charges. Doing it again, or
 * only a part of it, does no harm. Rejects when R2 cannot be reached, after the rest is done.
 */
export async function keepUp(upkeep: Upkeep): Promise<void> {
  const { database, clock } = upkeep;
  const now = clock();
  deleteRequests(database, now - LIMITS.requestRecordSeconds * 1000);
  database.run("DELETE FROM repeatables WHERE until <= ?", now);
  dropSecrets(database, now);
  deleteDeliveries(database, now - LIMITS.deliveryRecordSeconds * 1000);
  addUpCharges(database, dayOf(now - LIMITS.ledgerSeconds * 1000));
  const ends = await Promise.allSettled(
    overdue(database, now, OVERDUE_AT_ONCE).map((requestId) => endReservation(upkeep, requestId)),
  );
  await deleteAnswers(upkeep);
  const failed = ends.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

/** Ends a reservation that is over: settles it where R2 has what the request delivered, else releases it. */
export async function endReservation(upkeep: Upkeep, requestId: string): Promise<void> {
  const { database, answers, name, clock, timer } = upkeep;
  const stored = await untilAborted(answers.facts(name, requestId), timer(LIMITS.storeMs));
  endOverdue(database, requestId, readFacts(stored), clock());
}

async function deleteAnswers({ database, answers, name, clock, timer }: Upkeep): Promise<void> {
  for (;;) {
    const outdated = outdatedAnswers(database, clock(), DELETED_AT_ONCE);
    if (outdated.length === 0) return;
    await untilAborted(answers.delete(name, outdated), timer(LIMITS.storeMs));
    forgetAnswers(database, outdated);
  }
}

function readFacts(stored: AnswerFacts | null): z.infer<typeof Facts> | null {
  if (!stored?.facts) return null;
  try {
    return Facts.parse(JSON.parse(stored.facts));
  } catch {
    return null;
  }
}

// One row of subqueries: a Durable Object takes no more than five terms of a UNION.
const NEXT = `
  SELECT (SELECT min(until) FROM reservations) AS reservation,
    (SELECT min(until) FROM repeatables WHERE until IS NOT NULL) AS repeatable,
    (SELECT min(until) FROM answers) AS answer,
    (SELECT min(until) FROM webhook_secrets) AS secret,
    (SELECT min(at) + ? FROM requests) AS request,
    (SELECT min(at) + ? FROM deliveries) AS delivery`;
const FIRST_DAY = "SELECT min(day) AS day FROM entries WHERE kind IN ('charge', 'payment')";

const RECORDS_MS = [LIMITS.requestRecordSeconds * 1000, LIMITS.deliveryRecordSeconds * 1000];

/** When something is due next; null when nothing will be. */
export function nextDue(database: Database): number | null {
  const [next = {}] = database.all<Readonly<Record<string, number | null>>>(NEXT, ...RECORDS_MS);
  const [first] = database.all<{ day: string | null }>(FIRST_DAY);
  const addUp = first?.day ? Date.parse(first.day) + DAY_MS + LIMITS.ledgerSeconds * 1000 : null;
  const dues = [...Object.values(next), addUp].filter((due) => due !== null);
  return dues.length === 0 ? null : Math.min(...dues);
}
