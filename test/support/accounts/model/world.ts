import type { PlanName } from "../../../../schemas/plans.ts";
import { AccountState } from "../../../../src/accounts/account-state.ts";
import type { AccountCalls, Transfer } from "../../../../src/accounts/calls.ts";
import { AnswerStore } from "../../../../src/storage/answer-store.ts";
import { newKey } from "../account.ts";
import { MemoryBucket } from "../memory-bucket.ts";
import { NodeDatabase } from "../node-database.ts";
import type { Observation, ObservedRequest, Replayed, SentTransfer, Sums } from "./observation.ts";
import { type Process, Processes, settled } from "./processes.ts";
import type { Tape } from "./tape.ts";

export const ACCOUNT = "newsroom";
const PLAN: PlanName = "starter";
const DAY_MS = 24 * 60 * 60 * 1000;

/** One database for all worlds of a process: making its tables takes longer than a world. */
const database = new NodeDatabase();

/** An account in a world in which messages are lost and late, processes end at any time, and R2 fails. */
export class World {
  readonly processes: Processes;
  readonly requests = new Map<string, ObservedRequest>();
  readonly replays: Replayed[] = [];
  readonly transfers = new Map<string, SentTransfer>();
  readonly errors: string[] = [];
  intrusions = 0;
  /** Whether R2 fails, and whether no call reaches the account. */
  isStoreAway = false;
  isAccountAway = false;
  /** What became of payments, by their nonce. */
  readonly chain = new Map<string, "settled" | "refused">();
  /** The number of the next event. */
  events = 0;
  alarmAt: number | null = null;
  readonly #sums: Sums[] = [];
  readonly #objects: MemoryBucket["objects"] = new Map();
  readonly #broken = new Set<() => void>();
  #object: { readonly process: Process; readonly state: AccountState };
  #isAlarmRunning = false;
  #isRevoked = false;

  private constructor(tape: Tape) {
    this.processes = new Processes(tape);
    this.#object = this.#startObject();
  }

  static async open(tape: Tape, money: number): Promise<World> {
    database.empty();
    const world = new World(tape);
    const { state } = world.#object;
    if (await state.exists()) {
      database.run("INSERT INTO account (only_row, name, plan) VALUES (1, ?, ?)", ACCOUNT, PLAN);
    } else {
      await state.create(PLAN);
    }
    await state.createKey(newKey("live"));
    await state.createKey(newKey("test", { mode: "test" }));
    await state.createKey(newKey("other"));
    world.transfers.set("credit first", { name: "credit first", amount: money, arrived: true });
    await state.transfer({ kind: "credit", reference: "first", amount: money });
    return world;
  }

  /** The account as a process reaches it. */
  accountOf(process: Process): AccountCalls {
    const ask = (name: keyof AccountCalls) => (argument: never) =>
      this.processes.ask(process, async () => {
        if (this.isAccountAway) throw new Error("the account is away");
        return this.#call(name, argument);
      });
    return new Proxy({} as AccountCalls, { get: (_, name) => ask(name as keyof AccountCalls) });
  }

  /** The answers in R2 as a process reaches them. */
  answersOf(process: Process): AnswerStore {
    const bucket = new MemoryBucket(this.#objects);
    const ask = <T>(work: () => Promise<T>) =>
      this.processes.ask(process, async () => {
        if (this.isStoreAway) throw new Error("R2 is away");
        return work();
      });
    const reached = {
      put: (key: string, bytes: Uint8Array, options: object) =>
        ask(async () => {
          const request = this.requests.get(key.split("/").at(-1) ?? "");
          if (request) request.storedAt ??= { event: this.events, time: this.processes.now };
          return bucket.put(key, bytes, options);
        }),
      get: (key: string) => ask(() => bucket.get(key)),
      head: (key: string) => ask(() => bucket.head(key)),
      delete: (keys: string | readonly string[]) => ask(() => bucket.delete([keys].flat())),
    };
    return new AnswerStore(reached as unknown as R2Bucket);
  }

  /** The object of the account ends with all that it has in memory. Those who wait for it are told. */
  evict(): void {
    this.#object.process.hasEnded = true;
    // The platform repeats an alarm that did not end.
    if (this.#isAlarmRunning) this.alarmAt = this.processes.now;
    this.#isAlarmRunning = false;
    this.#object = this.#startObject();
    for (const tell of this.#broken) tell();
    this.#broken.clear();
  }

  /** The alarm rings, whether it is due or not. */
  ring(): void {
    if (this.#isAlarmRunning) return;
    if (this.alarmAt !== null && this.alarmAt <= this.processes.now) this.alarmAt = null;
    this.#isAlarmRunning = true;
    const { process, state } = this.#object;
    const end = () => {
      if (!process.hasEnded) this.#isAlarmRunning = false;
    };
    state.alarm().then(end, (error) => {
      this.errors.push(`alarm: ${error}`);
      end();
    });
  }

  /** What the account does with a transfer that a process sends. */
  async send(process: Process, transfer: Transfer): Promise<void> {
    const name = `${transfer.kind} ${transfer.reference}`;
    const isDebit = transfer.kind === "refund" || transfer.kind === "dispute";
    const amount = isDebit ? -transfer.amount : transfer.amount;
    if (!this.transfers.has(name)) this.transfers.set(name, { name, amount, arrived: false });
    await this.accountOf(process)
      .transfer(transfer)
      .catch(() => undefined);
  }

  /** Notes the sums of the ledger. */
  look(): void {
    const { now } = this.processes;
    const [row] = database.all<Omit<Sums, "charges" | "usage">>(SUMS, now);
    const last = this.#sums.at(-1);
    if (row && (row.balance !== last?.balance || row.held !== last.held || row.owed !== last.owed)) {
      this.#sums.push({ ...row, charges: "", usage: "" });
    }
  }

  /** Everything that waits goes on without a fault, until nothing is left to do. */
  async rest(): Promise<void> {
    this.isStoreAway = false;
    this.isAccountAway = false;
    await this.#quiet();
  }

  /** What happened, when everything has come to its end and old charges were added up. */
  async end(): Promise<Observation> {
    await this.rest();
    const charges = new Map(
      database
        .all<{ reference: string; amount: number }>("SELECT reference, amount FROM entries WHERE kind = 'charge'")
        .map(({ reference, amount }) => [reference, 0 - amount]),
    );
    const [open] = database.all<{ number: number }>("SELECT count(*) AS number FROM reservations");
    const before = this.#allSums();
    await this.processes.pass(40 * DAY_MS);
    this.ring();
    await this.#quiet();
    const after = this.#allSums();
    return {
      requests: [...this.requests.values()],
      replays: this.replays,
      transfers: [...this.transfers.values()],
      sums: [...this.#sums, before, after],
      charges,
      reservations: open?.number ?? 0,
      errors: this.errors,
      intrusions: this.intrusions,
      addedUp: { before, after },
    };
  }

  async #quiet(): Promise<void> {
    // Two hours: longer than any deadline and reservation, shorter than what is kept.
    const until = this.processes.now + DAY_MS / 12;
    while (this.processes.now < until) {
      while (this.processes.waiting > 0) await this.processes.go(0);
      const next = Math.min(this.processes.nextTimer() ?? until, this.alarmAt ?? until, until);
      await this.processes.pass(Math.max(0, next - this.processes.now));
      if (this.alarmAt !== null && this.alarmAt <= this.processes.now) this.ring();
      await settled();
      while (this.processes.waiting > 0) await this.processes.go(0);
      this.look();
    }
  }

  #allSums(): Sums {
    const [row] = database.all<Omit<Sums, "charges" | "usage">>(SUMS, this.processes.now);
    const charges = JSON.stringify(database.all(CHARGES));
    const usage = JSON.stringify(database.all(USAGE));
    return { balance: 0, owed: 0, held: 0, entries: 0, ...row, charges, usage };
  }

  /** Calls the object that is there now; rejects when it ends meanwhile. */
  #call(name: keyof AccountCalls, argument: never): Promise<never> {
    const { process, state } = this.#object;
    return new Promise((resolve, reject) => {
      const broken = () => reject(new Error("the object ended"));
      this.#broken.add(broken);
      (state[name] as (argument: never) => Promise<never>)(argument).then(
        (answer) => {
          this.#broken.delete(broken);
          if (process.hasEnded) return;
          this.#note(name, argument, answer);
          resolve(answer);
        },
        (error) => {
          this.#broken.delete(broken);
          if (process.hasEnded) return;
          this.errors.push(`${name}: ${error}`);
          if (name === "settle") this.#observed((argument as { requestId: string }).requestId)?.settlements.push(null);
          reject(error);
        },
      );
    });
  }

  #note(name: keyof AccountCalls, argument: unknown, answer: unknown): void {
    this.events++;
    if (name === "admit") {
      const { credential } = argument as { credential: { key?: string } };
      const { outcome } = answer as { outcome: string };
      if (this.#isRevoked && credential.key === "other" && outcome !== "revoked_key") this.intrusions++;
    }
    if (name === "revokeKey") this.#isRevoked = true;
    if (name === "forgetRequest") {
      const request = this.#observed(argument as string);
      if (request) request.isForgotten = true;
    }
    if (name === "settle") {
      const { requestId, inDoubt } = argument as { requestId: string; inDoubt?: boolean };
      const request = this.#observed(requestId);
      if (!request) return;
      if (!inDoubt) request.settlements.push((answer as { amount: number }).amount);
      request.settledAt ??= { event: this.events, time: this.processes.now };
    }
    if (name === "release") {
      const request = this.#observed(argument as string);
      if (request) request.releasedAt ??= this.events;
    }
    if (name === "transfer") {
      const { kind, reference } = argument as Transfer;
      const sent = this.transfers.get(`${kind} ${reference}`);
      const { booked } = answer as { booked: boolean };
      if (sent?.arrived === booked) this.errors.push(`transfer ${sent.name}: booked is ${booked}`);
      if (sent) sent.arrived = true;
    }
    this.look();
  }

  #observed(id: string): ObservedRequest | undefined {
    return this.requests.get(id);
  }

  #startObject(): { readonly process: Process; readonly state: AccountState } {
    const process: Process = { hasEnded: false };
    const state = new AccountState({
      database,
      answers: this.answersOf(process),
      clock: () => this.processes.now,
      timer: (milliseconds) => this.processes.timer(process, milliseconds),
      log: () => undefined,
      name: ACCOUNT,
      alarm: {
        get: async () => this.alarmAt,
        set: async (time) => {
          if (!process.hasEnded) this.alarmAt = time;
        },
      },
      clear: async () => database.deleteAll(),
    });
    return { process, state };
  }
}

const SUMS = `
  SELECT balance, owed, (SELECT coalesce(sum(held), 0) FROM reservations WHERE until > ?) AS held,
    (SELECT coalesce(sum(amount), 0) FROM entries) AS entries
  FROM account`;
const CHARGES = `
  SELECT day, key_id, operation, sum(requests) AS requests, sum(calls) AS calls, sum(entities) AS entities,
    sum(masks) AS masks, 0 - sum(amount) AS amount, sum(cost) AS cost,
    sum(requests_without_cost) AS requests_without_cost
  FROM entries WHERE kind IN ('charge', 'charges') GROUP BY day, key_id, operation ORDER BY day, key_id, operation`;
const USAGE = `
  SELECT day, key_id, operation, requests, calls, entities, masks, amount, cost, requests_without_cost
  FROM usage ORDER BY day, key_id, operation`;
