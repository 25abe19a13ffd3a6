import type { Scope } from "../../../schemas/accounts.ts";
import type { PlanName } from "../../../schemas/plans.ts";
import { AccountState } from "../../../src/accounts/account-state.ts";
import type { AdmitCall, NewKey, SettleCall } from "../../../src/accounts/calls.ts";
import { AnswerStore } from "../../../src/storage/answer-store.ts";
import { MemoryBucket } from "./memory-bucket.ts";
import { NodeDatabase } from "./node-database.ts";

/** Noon of a day. */
export const NOON = Date.UTC(2026, 10, 26, 12);

/** An account over a database in memory, with a clock that the test moves. */
export class TestAccount {
  readonly database = new NodeDatabase();
  readonly bucket = new MemoryBucket();
  readonly lines: object[] = [];
  now = NOON;
  alarmAt: number | null = null;
  /** How often the alarm was set. */
  alarmsSet = 0;
  state: AccountState;

  readonly name: string;

  constructor(name = "newsroom") {
    this.name = name;
    this.state = this.#start();
  }

  /** The object ends, with all that it has in memory, and another one goes on. */
  evict(): void {
    this.state = this.#start();
  }

  /** Lets time pass until the alarm rings, as often as it is set up to a time, and then until that time. */
  async passUntil(time: number): Promise<void> {
    while (this.alarmAt !== null && this.alarmAt <= time) {
      this.now = Math.max(this.now, this.alarmAt);
      this.alarmAt = null;
      await this.state.alarm();
    }
    this.now = time;
  }

  /** The account with a live key and a test key, and money. */
  static async open({ plan = "standard", money = 1_000_000_000 }: { plan?: PlanName; money?: number } = {}) {
    const account = new TestAccount();
    await account.state.create(plan);
    await account.state.createKey(newKey("live"));
    await account.state.createKey(newKey("test", { mode: "test" }));
    if (money > 0) await account.state.transfer({ kind: "credit", reference: "first", amount: money });
    return account;
  }

  #start(): AccountState {
    return new AccountState({
      database: this.database,
      answers: new AnswerStore(this.bucket.asBucket()),
      clock: () => this.now,
      timer: () => new AbortController().signal,
      log: (line) => this.lines.push(line),
      name: this.name,
      alarm: {
        get: async () => this.alarmAt,
        set: async (time) => {
          this.alarmAt = time;
          this.alarmsSet++;
        },
      },
      clear: async () => {
        this.alarmAt = null;
        this.database.deleteAll();
      },
    });
  }
}

/** A key with every scope; its hash is its name. */
export function newKey(name: string, fields: Partial<NewKey> = {}): NewKey {
  const scopes: readonly Scope[] = ["recognize", "stages", "admin"];
  return { hash: name, id: `key_${name}`, lastFour: "0a1b", name, mode: "live", scopes, expiresAt: null, ...fields };
}

/** A request to `/v1/recognize` at noon with 30 s. */
export function admitCall(requestId: string, fields: Partial<AdmitCall> = {}): AdmitCall {
  return {
    credential: { key: "live", scope: "recognize" },
    requestId,
    operation: "recognize",
    most: 79_000_000,
    deadline: NOON + 30_000,
    bodyBytes: 1_000,
    entities: 25,
    repeatable: null,
    ...fields,
  };
}

/** What a request delivered: one entity with a mask. */
export function settleCall(requestId: string, fields: Partial<SettleCall> = {}): SettleCall {
  const units = { calls: 1, entities: 1, masks: 1 };
  return { requestId, amount: 7_000_000, units, cost: 2_000_000, kept: null, left: [], ...fields };
}
