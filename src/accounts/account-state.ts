import type { KeyFacts, Scope } from "../../schemas/accounts.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { DEFAULT_PLAN, type PlanName } from "../../schemas/plans.ts";
import type { WebhookEvent, WebhookFacts } from "../../schemas/webhooks.ts";
import { describeError, type Log } from "../observe/log.ts";
import type { AnswerStore } from "../storage/answer-store.ts";
import type { Database, ObjectStorage } from "../storage/database.ts";
import { createKey, findKey, listKeys, refusalOf, revokeKey, rotateKey } from "./account-keys.ts";
import { admitRequest, reservationEnd } from "./admission.ts";
import type {
  AccountCalls,
  AccountSettings,
  Admission,
  AdmitCall,
  Balance,
  NewKey,
  Repeatable,
  Repeated,
  SettleCall,
  Transfer,
  UsageQuery,
} from "./calls.ts";
import { findDelivery, listDeliveries, noteDelivery } from "./deliveries.ts";
import { bookedBefore, bookTransfer, readBalance } from "./ledger.ts";
import { findFirst, PAYMENT_SPACE, type Unresolved } from "./repeatables.ts";
import { forgetRequest, leftBy } from "./requests.ts";
import { DEFAULT_SETTINGS, readSettings, writeSettings } from "./settings.ts";
import { releaseRequest, settleRequest } from "./settlement.ts";
import { addTables, createTables, hasTables } from "./tables.ts";
import { endReservation, keepUp, nextDue, type Upkeep } from "./upkeep.ts";
import { readUsage } from "./usage.ts";
import type { DeliveryNote, NewWebhook, WebhookChange } from "./webhook-calls.ts";
import * as webhooks from "./webhook-endpoints.ts";

/** What an account works with. */
export interface AccountStorage extends ObjectStorage {
  readonly answers: AnswerStore;
  readonly clock: () => number;
  readonly timer: (milliseconds: number) => AbortSignal;
  readonly log: Log;
  /** The account's name, by which it was called; undefined where nobody called it, as in an alarm. */
  readonly name: string | undefined;
}

/** Time between two rounds of upkeep, in milliseconds: what is due meanwhile is done together. */
const ROUND_MS = 10_000;
/** Time until a round in which R2 could not be reached is repeated, in milliseconds. */
const REPEAT_MS = 60_000;
/** Time until a repeat is asked to come again while it is not known how the first request ended, in milliseconds. */
const ASK_AGAIN_MS = 1_000;

/**
 * An account over its database, apart from the platform. The memory holds only what the database says too: the process
 * may end at any time, and another one continues.
 */
export class AccountState implements AccountCalls {
  readonly #storage: AccountStorage;
  readonly #database: Database;
  #isCreated: boolean;
  /** When the alarm will ring; null when none is set, undefined while that is not known. */
  #alarmAt: number | null | undefined;

  constructor(storage: AccountStorage) {
    this.#storage = storage;
    this.#database = storage.database;
    this.#isCreated = hasTables(this.#database);
    if (this.#isCreated) addTables(this.#database);
  }

  async create(plan: PlanName): Promise<boolean> {
    if (this.#isCreated) return false;
    if (!this.#storage.name) throw new Error("an account is created by its name");
    createTables(this.#database, this.#storage.name, plan);
    this.#isCreated = true;
    return true;
  }

  async exists(): Promise<boolean> {
    return this.#isCreated;
  }

  async setPlan(plan: PlanName): Promise<void> {
    this.#mustExist();
    this.#database.run("UPDATE account SET plan = ?", plan);
  }

  async authenticate(key: string, scope: Scope | null) {
    const found = this.#isCreated ? findKey(this.#database, key) : undefined;
    if (!found) return { outcome: "unknown_key" } as const;
    const { key_id, mode } = found;
    const refusal = refusalOf(found, scope, this.#storage.clock());
    return refusal ?? ({ outcome: "valid", keyId: key_id ?? "", mode: mode ?? "live" } as const);
  }

  async admit(call: AdmitCall): Promise<Admission> {
    if (!this.#isCreated) {
      if (!("payment" in call.credential)) return { outcome: "unknown_key" };
      await this.create(DEFAULT_PLAN);
    }
    const now = this.#storage.clock();
    const admission = await this.#resolve(() => admitRequest(this.#database, call, this.#storage.clock()));
    if (admission.outcome === "admitted") await this.#ring(reservationEnd(call, now));
    return admission;
  }

  async lookUp(repeatable: Repeatable): Promise<Repeated | null> {
    if (!this.#isCreated) return null;
    return this.#resolve(() => findFirst(this.#database, PAYMENT_SPACE, repeatable, this.#storage.clock()));
  }

  async settle(call: SettleCall) {
    if (!this.#isCreated) return { amount: 0, available: 0 };
    const now = this.#storage.clock();
    const settlement = settleRequest(this.#database, call, now);
    await this.#ring(now + LIMITS.idempotencySeconds * 1000);
    return settlement;
  }

  async release(requestId: string): Promise<void> {
    if (this.#isCreated) releaseRequest(this.#database, requestId, this.#storage.clock());
  }

  async transfer(transfer: Transfer) {
    if (!this.#isCreated) return { booked: false, before: null, available: 0, owed: 0 };
    const now = this.#storage.clock();
    const before = bookedBefore(this.#database, transfer);
    const booked = this.#database.transaction(() => bookTransfer(this.#database, transfer, now));
    const { available, owed } = readBalance(this.#database, now);
    return { booked, before, available, owed };
  }

  async balance(): Promise<Balance> {
    if (!this.#isCreated) return { plan: DEFAULT_PLAN, available: 0, reserved: 0, owed: 0, disabledWebhooks: [] };
    const balance = readBalance(this.#database, this.#storage.clock());
    return { ...balance, disabledWebhooks: webhooks.disabledWebhooks(this.#database) };
  }

  async settings(): Promise<AccountSettings> {
    return this.#isCreated ? readSettings(this.#database) : DEFAULT_SETTINGS;
  }

  async setSettings(settings: AccountSettings): Promise<void> {
    this.#mustExist();
    writeSettings(this.#database, settings);
  }

  async usage(query: UsageQuery) {
    return this.#isCreated ? readUsage(this.#database, query) : { lines: [], cursor: null };
  }

  async createKey(key: NewKey) {
    this.#mustExist();
    return createKey(this.#database, key, this.#storage.clock());
  }

  async listKeys(): Promise<readonly KeyFacts[]> {
    return this.#isCreated ? listKeys(this.#database) : [];
  }

  async rotateKey(id: string, replacement: Pick<NewKey, "hash" | "id" | "lastFour">, overlapMs: number) {
    return this.#isCreated ? rotateKey(this.#database, id, replacement, overlapMs, this.#storage.clock()) : null;
  }

  async revokeKey(id: string): Promise<KeyFacts | null> {
    return this.#isCreated ? revokeKey(this.#database, id, this.#storage.clock()) : null;
  }

  async leftBy(requestId: string): Promise<readonly string[] | null> {
    return this.#isCreated ? leftBy(this.#database, requestId) : [];
  }

  async forgetRequest(requestId: string): Promise<void> {
    if (this.#isCreated) forgetRequest(this.#database, requestId);
  }

  async webhooksFor(event: WebhookEvent) {
    return this.#isCreated ? webhooks.webhooksFor(this.#database, event, this.#storage.clock()) : [];
  }

  async webhook(id: string) {
    return this.#isCreated ? webhooks.findWebhook(this.#database, id, true, this.#storage.clock()) : null;
  }

  async anyWebhook(id: string) {
    return this.#isCreated ? webhooks.findWebhook(this.#database, id, false, this.#storage.clock()) : null;
  }

  async createWebhook(endpoint: NewWebhook) {
    this.#mustExist();
    return webhooks.createWebhook(this.#database, endpoint, this.#storage.clock());
  }

  async listWebhooks(): Promise<readonly WebhookFacts[]> {
    return this.#isCreated ? webhooks.listWebhooks(this.#database, this.#storage.clock()) : [];
  }

  async changeWebhook(id: string, change: WebhookChange) {
    return this.#isCreated ? webhooks.changeWebhook(this.#database, id, change, this.#storage.clock()) : null;
  }

  async rotateWebhook(id: string, secret: string, overlapMs: number) {
    if (!this.#isCreated) return null;
    const now = this.#storage.clock();
    const facts = webhooks.rotateWebhook(this.#database, id, secret, overlapMs, now);
    await this.#ring(now + overlapMs);
    return facts;
  }

  async deleteWebhook(id: string): Promise<boolean> {
    return this.#isCreated && webhooks.deleteWebhook(this.#database, id);
  }

  async noteDelivery(note: DeliveryNote): Promise<void> {
    if (!this.#isCreated) return;
    noteDelivery(this.#database, note);
    await this.#ring(note.at + LIMITS.deliveryRecordSeconds * 1000);
  }

  async deliveries(id: string) {
    return (await this.anyWebhook(id)) && listDeliveries(this.#database, id);
  }

  async delivery(id: string, delivery: string) {
    return this.#isCreated ? findDelivery(this.#database, id, delivery) : null;
  }

  async deleteAccount(): Promise<void> {
    this.#isCreated = false;
    this.#alarmAt = undefined;
    await this.#storage.clear();
  }

  /** Does what is due. Never rejects: the next alarm tries again what failed. */
  async alarm(): Promise<void> {
    this.#alarmAt = null;
    if (!this.#isCreated) return;
    let wait = ROUND_MS;
    try {
      await keepUp(this.#upkeep());
    } catch (error) {
      this.#storage.log({ event: "account_upkeep_failed", ...describeError(error) });
      wait = REPEAT_MS;
    }
    const due = this.#isCreated ? nextDue(this.#database) : null;
    if (due !== null) await this.#ring(Math.max(due, this.#storage.clock() + wait));
  }

  /**
   * The answer to a request that may be a repeat. Where the first request is over and nobody ended it, it is ended
   * first. While R2 cannot be reached, nobody knows how: the repeat has to come again.
   */
  async #resolve<Answer extends { readonly outcome: string } | null>(
    ask: () => Answer | Unresolved,
  ): Promise<Exclude<Answer, Unresolved> | Extract<Repeated, { outcome: "in_flight" }>> {
    let answer = ask();
    // A payment may be a repeat by its nonce and by its identifier.
    for (let tries = 0; tries < 2 && isUnresolved(answer); tries++) {
      await endReservation(this.#upkeep(), answer.requestId).catch(() => undefined);
      answer = ask();
    }
    if (!isUnresolved(answer)) return answer as Exclude<Answer, Unresolved>;
    return { outcome: "in_flight", requestId: answer.requestId, retryAfterMs: ASK_AGAIN_MS };
  }

  /**
   * Sets the alarm, where it is later than this or not set.
   *
   * @param due when the account has something to do at the earliest
   */
  async #ring(due: number): Promise<void> {
    if (this.#alarmAt === undefined) this.#alarmAt = await this.#storage.alarm.get();
    if (this.#alarmAt !== null && this.#alarmAt <= due) return;
    this.#alarmAt = due;
    await this.#storage.alarm.set(due);
  }

  #upkeep(): Upkeep {
    const { answers, clock, timer } = this.#storage;
    const [row] = this.#database.all<{ name: string }>("SELECT name FROM account");
    return { database: this.#database, answers, clock, timer, name: row?.name ?? "" };
  }

  #mustExist(): void {
    if (!this.#isCreated) throw new Error("the account does not exist");
  }
}

function isUnresolved(answer: { readonly outcome: string } | null): answer is Unresolved {
  return answer?.outcome === "unresolved";
}
