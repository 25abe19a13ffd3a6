import { DurableObject } from "cloudflare:workers";
import type { Scope } from "../../schemas/accounts.ts";
import type { PlanName } from "../../schemas/plans.ts";
import type { WebhookEvent } from "../../schemas/webhooks.ts";
import { consoleLog } from "../observe/log.ts";
import { AnswerStore } from "../storage/answer-store.ts";
import { objectStorage } from "../storage/object-database.ts";
import { AccountState } from "./account-state.ts";
import type {
  AccountCalls,
  AccountSettings,
  AdmitCall,
  NewKey,
  Repeatable,
  SettleCall,
  Transfer,
  UsageQuery,
} from "./calls.ts";
import type { DeliveryNote, NewWebhook, WebhookChange } from "./webhook-calls.ts";

/** A Durable Object for one account: its keys, its ledger, its limits and its repeatable requests. */
export class Account extends DurableObject<Env> implements AccountCalls {
  readonly #state: AccountState;

  constructor(context: DurableObjectState, env: Env) {
    super(context, env);
    const { storage, id } = context;
    this.#state = new AccountState({
      ...objectStorage(storage),
      answers: new AnswerStore(env.MASKS),
      clock: Date.now,
      timer: (milliseconds) => AbortSignal.timeout(milliseconds),
      log: consoleLog,
      name: id.name,
    });
  }

  create(plan: PlanName) {
    return this.#state.create(plan);
  }

  exists() {
    return this.#state.exists();
  }

  setPlan(plan: PlanName) {
    return this.#state.setPlan(plan);
  }

  authenticate(key: string, scope: Scope | null) {
    return this.#state.authenticate(key, scope);
  }

  admit(call: AdmitCall) {
    return this.#state.admit(call);
  }

  lookUp(repeatable: Repeatable) {
    return this.#state.lookUp(repeatable);
  }

  settle(call: SettleCall) {
    return this.#state.settle(call);
  }

  release(requestId: string) {
    return this.#state.release(requestId);
  }

  transfer(transfer: Transfer) {
    return this.#state.transfer(transfer);
  }

  balance() {
    return this.#state.balance();
  }

  settings() {
    return this.#state.settings();
  }

  setSettings(settings: AccountSettings) {
    return this.#state.setSettings(settings);
  }

  usage(query: UsageQuery) {
    return this.#state.usage(query);
  }

  createKey(key: NewKey) {
    return this.#state.createKey(key);
  }

  listKeys() {
    return this.#state.listKeys();
  }

  rotateKey(id: string, replacement: Pick<NewKey, "hash" | "id" | "lastFour">, overlapMs: number) {
    return this.#state.rotateKey(id, replacement, overlapMs);
  }

  revokeKey(id: string) {
    return this.#state.revokeKey(id);
  }

  leftBy(requestId: string) {
    return this.#state.leftBy(requestId);
  }

  forgetRequest(requestId: string) {
    return this.#state.forgetRequest(requestId);
  }

  webhooksFor(event: WebhookEvent) {
    return this.#state.webhooksFor(event);
  }

  webhook(id: string) {
    return this.#state.webhook(id);
  }

  anyWebhook(id: string) {
    return this.#state.anyWebhook(id);
  }

  createWebhook(endpoint: NewWebhook) {
    return this.#state.createWebhook(endpoint);
  }

  listWebhooks() {
    return this.#state.listWebhooks();
  }

  changeWebhook(id: string, change: WebhookChange) {
    return this.#state.changeWebhook(id, change);
  }

  rotateWebhook(id: string, secret: string, overlapMs: number) {
    return this.#state.rotateWebhook(id, secret, overlapMs);
  }

  deleteWebhook(id: string) {
    return this.#state.deleteWebhook(id);
  }

  noteDelivery(note: DeliveryNote) {
    return this.#state.noteDelivery(note);
  }

  deliveries(id: string) {
    return this.#state.deliveries(id);
  }

  delivery(id: string, delivery: string) {
    return this.#state.delivery(id, delivery);
  }

  deleteAccount() {
    return this.#state.deleteAccount();
  }

  override alarm() {
    return this.#state.alarm();
  }
}
