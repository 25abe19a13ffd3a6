import { toUsd } from "../../../../schemas/money.ts";
import { ChatState } from "../../../../src/bots/chat-state.ts";
import type { ChatDeployment } from "../../../../src/bots/deployment.ts";
import type { BotMessage, Platform } from "../../../../src/bots/platform.ts";
import { PlatformError } from "../../../../src/bots/platform-error.ts";
import { sentencesOf } from "../../../../src/bots/sentences.ts";
import { mostOf } from "../../../../src/bots/work.ts";
import type { JobCalls, JobFacts, JobOrder } from "../../../../src/jobs/calls.ts";
import { MemoryBudget } from "../../../../src/resilience/memory-budget.ts";
import { type Process, Processes } from "../../accounts/model/processes.ts";
import type { Tape } from "../../accounts/model/tape.ts";
import { NodeDatabase } from "../../accounts/node-database.ts";
import { ANSWER, PNG } from "../test-chat.ts";

/** What may happen where a chat reaches something outside. The first is what should. */
const FATES = [
  ...Array.from({ length: 14 }, () => "succeeds" as const),
  ...(["fails", "loses its reply", "dies before", "dies behind", "hangs", "is limited"] as const),
] as const;
/** How long the platform asks not to be called, in milliseconds. */
const QUIET_MS = 30_000;
/** Maximum duration of a call of a store, in milliseconds. */
const STORE_MS = 3_000;
/** Maximum duration of a call of the platform, in milliseconds. */
const CALL_MS = 30_000;
const EN = sentencesOf("en");
const PLACEHOLDERS = [EN.looking, "…"];
const LONGEST = { caption: 1_024, text: 4_096 };

/** One for all worlds, one after another: its statements are compiled once. */
const DATABASE = new NodeDatabase();

interface Job {
  readonly order: JobOrder;
  end: "succeeded" | "failed" | "canceled" | null;
  /** Whether its post and its answer are there. */
  isKept: boolean;
}

/** A chat over a database that outlives its processes, its platform, its jobs, and what was seen of them. */
export class World {
  readonly processes: Processes;
  readonly database = DATABASE;
  readonly messages: readonly BotMessage[];
  /** What a person sees: by the name of what was sent, its text and the message that it replies to. */
  readonly shown = new Map<string, { readonly text: string; readonly replyTo: string }>();
  readonly jobs = new Map<string, Job>();
  /** How often each job began anew. */
  readonly begun = new Map<string, number>();
  readonly pictures = new Set<string>();
  /** Messages that the platform was told to have been received. */
  readonly received = new Set<string>();
  /** Ends of jobs that the chat was not told yet. */
  readonly untold = new Set<string>();
  readonly faults: string[] = [];
  readonly met = new Map<string, number>();
  readonly most: number;
  readonly dailyLimit: number;
  /** Whether the platform can be asked for what was said. */
  readonly canFind: boolean;
  /** Charges of all jobs that have ended. */
  charged = 0;
  kills = 0;
  isCalm = false;
  alarmAt: number | null = null;
  readonly #tape: Tape;
  #object: { readonly process: Process; readonly state: ChatState; isRinging: boolean; quietUntil: number } | null =
    null;
  #sent = 0;

  constructor(tape: Tape, messages: readonly BotMessage[]) {
    this.#tape = tape;
    this.processes = new Processes(tape);
    this.messages = messages;
    this.database.empty();
    this.most = mostOf({ ...(messages[0] as BotMessage), pictures: [{ id: "p", bytes: 1 }] }, {
      botAccount: { name: "bots", dailyLimit: null },
    } as ChatDeployment);
    this.dailyLimit = tape.pick([20, 20, 1.5]) * this.most;
    this.canFind = tape.pick([true, false]);
  }

  get isRinging(): boolean {
    return this.#object?.isRinging === true;
  }

  get isForgotten(): boolean {
    return this.messages.some(({ command }) => command === "forget");
  }

  /** What answers a message now: what is shown for it and is no placeholder. */
  answersTo({ id }: BotMessage): string[] {
    return [...this.shown.values()].flatMap(({ text, replyTo }) =>
      replyTo === id && !PLACEHOLDERS.includes(text) ? [text] : [],
    );
  }

  rows(table: string): readonly object[] {
    const has = this.database.all("SELECT 1 FROM sqlite_master WHERE name = ?", table).length > 0;
    return has ? this.database.all(`SELECT * FROM ${table}`) : [];
  }

  /** The platform delivers a message, and does so again where it does not learn that it came. */
  async deliver(message: BotMessage): Promise<void> {
    await this.#alive().state.receive(structuredClone(message));
    if (this.#goes()) this.received.add(message.id);
  }

  /** A job ends, and its chat is to be told. */
  endJob(index: number): void {
    const running = [...this.jobs].filter(([, { end }]) => end === null);
    const [id, job] = running[index % Math.max(1, running.length)] ?? [];
    if (!id || !job) return;
    job.end = this.#tape.pick(["succeeded", "succeeded", "succeeded", "failed"]);
    this.charged += job.end === "succeeded" ? this.most / 2 : 0;
    this.untold.add(id);
  }

  async tell(index: number): Promise<void> {
    const [id] = [...this.untold].slice(index % Math.max(1, this.untold.size));
    if (id === undefined) return;
    await this.#alive().state.ended(id);
    if (this.#goes()) this.untold.delete(id);
  }

  /** The alarm, where it is due. */
  ring(): void {
    if (this.isRinging || this.alarmAt === null || this.alarmAt > this.processes.now) return;
    const object = this.#alive();
    this.alarmAt = null;
    object.isRinging = true;
    object.state.alarm().then(
      () => {
        object.isRinging = false;
      },
      (error) => {
        object.isRinging = false;
        if (!object.process.hasEnded) this.faults.push(`the alarm rejected: ${error}`);
      },
    );
  }

  /** Ends the object's process: nothing of it goes on. The platform repeats an alarm that it had. */
  kill(): void {
    const object = this.#object;
    if (!object) return;
    object.process.hasEnded = true;
    this.#object = null;
    this.kills++;
    if (object.isRinging) this.alarmAt = this.processes.now;
  }

  #alive() {
    if (this.#object) return this.#object;
    const process: Process = { hasEnded: false };
    const state = new ChatState({
      database: this.database,
      alarm: {
        get: async () => this.alarmAt,
        set: async (time) => {
          this.alarmAt = time;
        },
      },
      clear: async () => this.database.deleteAll(),
      deployment: this.#deployment(process),
    });
    this.#object = { process, state, isRinging: false, quietUntil: 0 };
    return this.#object;
  }

  #deployment(process: Process): ChatDeployment {
    const { processes } = this;
    const platform = this.#platform(process);
    return {
      clock: () => processes.now,
      timer: (milliseconds: number) => processes.timer(process, milliseconds),
      log: () => undefined,
      memory: new MemoryBudget(() => processes.now),
      deadlineMs: 30_000,
      storeMs: STORE_MS,
      publicUrl: null,
      botAccount: { name: "bots", dailyLimit: this.dailyLimit },
      platformOf: async () => platform,
      jobs: { at: (id: string) => this.#job(process, id) },
      jobPictures: {
        put: (_account: string, id: string) => this.#reach(process, "store", () => void this.pictures.add(id)),
        delete: (_account: string, ids: readonly string[]) =>
          this.#reach(process, "store", () => {
            for (const id of ids) this.pictures.delete(id);
          }),
      },
    } as unknown as ChatDeployment;
  }

  #platform(process: Process): Platform {
    return {
      textLength: LONGEST,
      say: ({ id }, text) =>
        this.#call(process, () => {
          const name = String(++this.#sent);
          this.#show(name, id, text);
          return name;
        }),
      ...(this.canFind && {
        find: ({ id }: BotMessage) =>
          this.#call(process, () => [...this.shown].find(([, { replyTo }]) => replyTo === id)?.[0] ?? null),
      }),
      picture: () => this.#call(process, () => PNG),
      answer: ({ id }, said, { text }) => this.#call(process, () => this.#show(said, id, text.text)),
      sendMore: async () => void this.faults.push("pictures were sent"),
    };
  }

  #show(name: string, replyTo: string, text: string): void {
    this.shown.set(name, { text, replyTo });
    const message = this.messages.find(({ id }) => id === replyTo);
    const answers = message ? this.answersTo(message) : [];
    if (answers.length > 1) this.faults.push(`seen twice: ${answers.join(" and ")}`);
  }

  #job(process: Process, id: string): JobCalls {
    const reach = <T>(work: () => T) => this.#reach(process, "job", work);
    return {
      begin: (order: JobOrder) =>
        reach(() => {
          if (this.jobs.has(id)) return false;
          this.begun.set(id, (this.begun.get(id) ?? 0) + 1);
          this.jobs.set(id, { order, end: null, isKept: true });
          if (this.#exposure() > this.dailyLimit)
            this.faults.push(`${this.jobs.size} jobs are more than it may pay for`);
          return true;
        }),
      facts: () =>
        reach(() => {
          const job = this.jobs.get(id);
          if (!job) return null;
          return this.#factsOf(job);
        }),
      result: () =>
        reach(() => {
          const job = this.jobs.get(id);
          return job?.isKept && job.end === "succeeded" ? { answer: JSON.stringify(ANSWER), charge: null } : null;
        }),
      cancel: () =>
        reach(() => {
          const job = this.jobs.get(id);
          if (!job) return null;
          job.end ??= "canceled";
          job.isKept = false;
          this.pictures.delete(id);
          return this.#factsOf(job);
        }),
    } as unknown as JobCalls;
  }

  #factsOf({ end }: Job): JobFacts {
    const charge = end === "succeeded" ? { amount_usd: toUsd(this.most / 2) } : null;
    return { state: end ?? "running", charge } as unknown as JobFacts;
  }

  /** What all jobs cost, or may still cost. */
  #exposure(): number {
    const costs = { succeeded: this.most / 2, failed: 0, canceled: 0 };
    return [...this.jobs.values()].reduce((sum, { end }) => sum + (end === null ? this.most : costs[end]), 0);
  }

  async #call<Answer>(process: Process, work: () => Answer): Promise<Answer> {
    const object = this.#object;
    if (object?.process === process && this.processes.now < object.quietUntil) {
      this.faults.push("the platform was called while it had asked for quiet");
    }
    try {
      return await this.#reach(process, "platform", work);
    } catch (error) {
      if (error instanceof PlatformError) throw error;
      throw new PlatformError("the platform could not be reached", 5_000);
    }
  }

  /** Has something done outside, once its step is chosen. Never ends where the process dies there. */
  async #reach<Answer>(process: Process, outside: string, work: () => Answer): Promise<Answer> {
    const asked = this.processes.now;
    await this.processes.step(process);
    // Who asked has given it up before it was done.
    if (this.processes.now > asked + STORE_MS) throw new Error("it was asked too late");
    const fate = this.isCalm || this.#tape.isOver ? "succeeds" : this.#tape.pick(FATES);
    this.met.set(`${outside} ${fate}`, (this.met.get(`${outside} ${fate}`) ?? 0) + 1);
    if (fate === "fails") throw new Error("it could not be reached");
    if (fate === "is limited" && outside === "platform") {
      if (this.#object) this.#object.quietUntil = this.processes.now + QUIET_MS;
      throw new PlatformError("too many requests", QUIET_MS, true);
    }
    if (fate === "dies before") {
      this.kill();
      return never();
    }
    const answer = work();
    if (fate === "hangs") {
      await this.processes.sleep(process, CALL_MS);
      throw new Error("it did not answer in time");
    }
    if (fate === "loses its reply") throw new Error("its reply was lost");
    if (fate === "dies behind") {
      this.kill();
      return never();
    }
    return answer;
  }

  #goes(): boolean {
    return this.isCalm || this.#tape.isOver || this.#tape.below(4) !== 3;
  }
}

const never = () => new Promise<never>(() => undefined);
