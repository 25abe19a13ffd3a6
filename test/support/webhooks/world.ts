import { createHmac } from "node:crypto";
import { type DeliverDependencies, deliverDue, type OutboxAccount } from "../../../src/webhooks/outbox/deliver-due.ts";
import {
  createOutbox,
  dropUnsent,
  enqueue,
  nextDue,
  type Receiver,
  redeliver,
} from "../../../src/webhooks/outbox/outbox.ts";
import { type Process, Processes } from "../accounts/model/processes.ts";
import type { Tape } from "../accounts/model/tape.ts";
import { NodeDatabase } from "../accounts/node-database.ts";

/** What a receiver does with a message. The first is harmless. */
const BEHAVIOURS = [
  "takes it",
  "takes it",
  ...["fails", "fails", "fails", "fails", "redirects", "is gone", "hangs", "breaks off"],
  ...["is busy", "is busy for a day", "is limited"],
] as const;
type Behaviour = (typeof BEHAVIOURS)[number];
/** What a receiver does with every message; null where it does now this and now that. */
const MOODS = [null, null, null, null, null, "fails", "hangs", "is busy for a day"] as const;

const DAY_S = 86_400;
const ANSWERS: Readonly<Record<Exclude<Behaviour, "hangs" | "breaks off">, [status: number, retryAfter?: number]>> = {
  "takes it": [204],
  fails: [500],
  redirects: [302],
  "is gone": [410],
  "is busy": [503, 20],
  "is busy for a day": [503, 9 * DAY_S],
  "is limited": [429, 3_600],
};

const SECRETS = [1, 2].map((fill) => Buffer.alloc(32, fill));
const asSecret = (key: Buffer) => `whsec_${key.toString("base64")}`;
const BODY = '{"type":"job.succeeded"}';
const RECEIVERS: readonly Receiver[] = [
  { endpoint: "wh_1" },
  { endpoint: "wh_2" },
  { url: "https://own.example.com/hook", secret: asSecret(SECRETS[0] as Buffer) },
];
const urlOf = (receiver: Receiver) =>
  "url" in receiver ? receiver.url : `https://${receiver.endpoint.replace("_", "-")}.example.com/hook`;

/** One for all worlds, one after another: its statements are compiled once. */
const DATABASE = new NodeDatabase();
createOutbox(DATABASE);

/** One request to a receiver, as both sides saw it. */
export interface Sending {
  readonly url: string;
  readonly id: string;
  readonly isSigned: boolean;
  readonly body: string;
  /** The place of the event among all. */
  readonly begun: { readonly event: number; readonly time: number };
  /** What came back, while its process lived; null where nothing did. */
  ended: {
    readonly event: number;
    readonly time: number;
    readonly status: number | null;
    readonly retryAfterS: number;
  } | null;
  /** Whether the receiver has answered with 2xx. */
  isTaken: boolean;
}

/** An outbox over a database that outlives its processes, its receivers, and what was seen of them. */
export class World {
  readonly processes: Processes;
  readonly sendings: Sending[] = [];
  /** When messages were to be sent again, by id. */
  readonly redelivered: Array<{ readonly id: string; readonly event: number; readonly time: number }> = [];
  /** Ids in the order of the receivers. */
  ids: readonly string[] = [];
  kills = 0;
  faults: string[] = [];
  droppedAt: number | null = null;
  isAccountAway = false;
  readonly disabled = new Set<string>();
  readonly startedAt: number;
  readonly #tape: Tape;
  readonly #database = DATABASE;
  readonly #moods: ReadonlyArray<Behaviour | null>;
  #running: Process | null = null;
  #events = 0;

  constructor(tape: Tape) {
    this.#tape = tape;
    this.processes = new Processes(tape);
    this.#moods = RECEIVERS.map(() => tape.pick(MOODS));
    this.startedAt = this.processes.now;
    this.#database.empty();
  }

  /** Stores the messages; again changes nothing. */
  enqueue(): void {
    const message = { subject: "req_1", event: "job.succeeded", body: BODY } as const;
    const ids = RECEIVERS.map((receiver) => enqueue(this.#database, { ...message, receiver }, this.processes.now));
    if (this.ids.length > 0 && ids.join() !== this.ids.join()) this.faults.push(`ids changed to ${ids}`);
    this.ids = ids;
  }

  get nextDue(): number | null {
    return nextDue(this.#database);
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  states(): ReadonlyArray<{ readonly id: string; readonly state: string }> {
    return this.#database.all("SELECT id, state FROM outbox");
  }

  /** The alarm: it goes off when something is due and no process runs. */
  ring(): void {
    const due = this.nextDue;
    if (this.#running || due === null || due > this.processes.now) return;
    const process: Process = { hasEnded: false };
    this.#running = process;
    deliverDue(this.#dependencies(process)).then(
      () => this.#end(process),
      (error) => {
        if (!process.hasEnded) this.faults.push(`deliverDue rejected: ${error}`);
        this.#end(process);
      },
    );
  }

  /** Ends the process that runs, as the platform does: nothing of it goes on. */
  kill(): void {
    if (!this.#running) return;
    this.#running.hasEnded = true;
    this.#running = null;
    this.kills++;
  }

  redeliver(index: number): void {
    const id = this.ids[index] ?? "";
    if (redeliver(this.#database, id, this.processes.now)) {
      this.redelivered.push({ id, event: this.#events++, time: this.processes.now });
    }
  }

  drop(): void {
    dropUnsent(this.#database);
    this.droppedAt ??= this.#events++;
  }

  urlOf(id: string): string {
    return urlOf(RECEIVERS[this.ids.indexOf(id)] as Receiver);
  }

  #end(process: Process): void {
    if (this.#running === process) this.#running = null;
  }

  #dependencies(process: Process): DeliverDependencies {
    return {
      database: this.#databaseOf(process),
      clock: () => this.processes.now,
      timer: (milliseconds) => this.processes.timer(process, milliseconds),
      chance: () => this.#tape.below(100) / 100,
      fetchPublic: (url, init) => this.#fetch(process, url, init),
      allowedOrigins: new Set(),
      account: this.#accountOf(process),
      log: (line) => {
        if (/whsec_|https:|job\.succeeded"}/.test(JSON.stringify(line))) this.faults.push(`logged ${line.event}`);
      },
    };
  }

  /** The database for a process: one that has ended writes nothing. */
  #databaseOf(process: Process): DeliverDependencies["database"] {
    const live = () => {
      if (process.hasEnded) throw new Error("the process has ended");
      return this.#database;
    };
    return {
      all: (statement, ...values) => live().all(statement, ...values),
      run: (statement, ...values) => live().run(statement, ...values),
      transaction: (work) => live().transaction(work),
    };
  }

  #accountOf(process: Process): OutboxAccount {
    const ask = <Answer>(answer: () => Answer) =>
      this.processes.ask(process, async () => {
        if (this.isAccountAway) throw new Error("the account is away");
        return answer();
      });
    return {
      webhook: (id) =>
        ask(() => (this.disabled.has(id) ? null : { url: urlOf({ endpoint: id }), secrets: SECRETS.map(asSecret) })),
      noteDelivery: ({ endpoint, status }) =>
        ask(() => {
          if (status === 410) this.disabled.add(endpoint);
        }),
    };
  }

  async #fetch(process: Process, url: URL, { headers, body, signal }: RequestInit): Promise<Response> {
    const sending = this.#receive(url.href, headers as Record<string, string>, body as Uint8Array);
    const end = (status: number | null, retryAfterS = 0) => {
      const time = this.processes.now;
      if (!process.hasEnded) sending.ended = { event: this.#events++, time, status, retryAfterS };
    };
    try {
      const [status, retryAfterS] = await new Promise<[number, number?]>((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
        this.processes.ask(process, () => this.#answer(sending)).then(resolve, reject);
      });
      end(status, retryAfterS);
      const asked: HeadersInit = retryAfterS ? { "retry-after": String(retryAfterS) } : {};
      return new Response(null, { status, headers: asked });
    } catch (error) {
      end(null);
      throw error;
    }
  }

  #receive(url: string, headers: Record<string, string>, body: Uint8Array): Sending {
    const { "webhook-id": id = "", "webhook-timestamp": time, "webhook-signature": signature = "" } = headers;
    const text = Buffer.from(body).toString();
    const expected = (key: Buffer) =>
      `v1,${createHmac("sha256", key).update(`${id}.${time}.${text}`).digest("base64")}`;
    const keys = url.includes("own") ? SECRETS.slice(0, 1) : SECRETS;
    const isSigned =
      signature === keys.map(expected).join(" ") && Number(time) === Math.floor(this.processes.now / 1000);
    const begun = { event: this.#events++, time: this.processes.now };
    const sending: Sending = { url, id, isSigned, body: text, begun, ended: null, isTaken: false };
    this.sendings.push(sending);
    return sending;
  }

  async #answer(sending: Sending): Promise<[status: number, retryAfter?: number]> {
    const behaviour = this.#moods[this.ids.indexOf(sending.id)] ?? this.#tape.pick(BEHAVIOURS);
    if (behaviour === "hangs") return new Promise(() => undefined);
    if (behaviour === "breaks off") throw new TypeError("reset");
    if (behaviour === "takes it") sending.isTaken = true;
    return ANSWERS[behaviour];
  }

  static readonly body = BODY;
}
