import type { RecognizeAnswer } from "../../../schemas/recognize.ts";
import { ChatState } from "../../../src/bots/chat-state.ts";
import type { ChatDeployment } from "../../../src/bots/deployment.ts";
import { Telegram } from "../../../src/bots/telegram.ts";
import { messageOf } from "../../../src/bots/telegram-update.ts";
import type { JobCalls, JobFacts, JobOrder } from "../../../src/jobs/calls.ts";
import { MemoryBudget } from "../../../src/resilience/memory-budget.ts";
import { NOON } from "../accounts/account.ts";
import { NodeDatabase } from "../accounts/node-database.ts";
import { TelegramChat } from "./telegram-chat.ts";
import { telegramFetch } from "./telegram-fetch.ts";

/** A job that ends when the test says so. */
interface ScriptedJob {
  readonly order: JobOrder;
  end: { readonly answer: object | null; readonly charge: string | null } | null;
}

/** A chat of Telegram over a database in memory, with a clock that the test moves. */
export class TestChat {
  readonly telegram = new TelegramChat();
  readonly database = new NodeDatabase();
  readonly jobs = new Map<string, ScriptedJob>();
  /** Every job that was begun or canceled, in order. */
  readonly asked: string[] = [];
  readonly pictures = new Set<string>();
  readonly lines: object[] = [];
  dailyLimit: number | null = null;
  account: string | null = null;
  /** Whether each job ends before its chat knows that it has begun. */
  endsAtOnce = false;
  now = NOON;
  alarmAt: number | null = null;
  state: ChatState;
  #update = 0;

  constructor() {
    this.state = this.#start();
  }

  /** The object ends, with all that it has in memory, and another one goes on. */
  evict(): void {
    this.state = this.#start();
  }

  /** What a person sends to the bot. */
  async send(message: object, id = ++this.#update): Promise<void> {
    const from = { id: 5, is_bot: false, first_name: "Ada", language_code: "en" };
    const chat = { id: 42, type: "private", first_name: "Ada" };
    const update = { update_id: id, message: { message_id: id, date: 0, from, chat, ...message } };
    const read = messageOf(update as never, this.telegram.bot);
    if (read) await this.state.receive(read);
  }

  /** A photo with a caption, which the platform has. */
  async sendPhoto(caption: string, more: object = {}, bytes = PNG): Promise<void> {
    const id = `photo${this.#update + 1}`;
    this.telegram.files.set(id, bytes);
    const photo = [{ file_id: id, file_unique_id: id, width: 1, height: 1, file_size: bytes.length }];
    await this.send({ photo, ...(caption === "" ? {} : { caption }), ...more });
  }

  /** Rings the alarm until nothing is due within a time. */
  async ring(withinMs = 0): Promise<void> {
    const until = this.now + withinMs;
    while (this.alarmAt !== null && this.alarmAt <= until) {
      this.now = Math.max(this.now, this.alarmAt);
      this.alarmAt = null;
      await this.state.alarm();
    }
    this.now = until;
  }

  /** Ends a job, and tells the chat. */
  async end(id: string, answer: object | null = ANSWER, charge: string | null = null): Promise<void> {
    const job = this.jobs.get(id);
    if (job) job.end ??= { answer, charge };
    await this.state.ended(id);
  }

  /** What the chat shows, the oldest first. */
  get shown(): string[] {
    return [...this.telegram.shown.values()].map(({ text }) => text);
  }

  #start(): ChatState {
    const platform = new Telegram({
      token: this.telegram.token,
      apiRoot: "https://telegram.test",
      fetch: telegramFetch(this.telegram),
    });
    const deployment = {
      clock: () => this.now,
      timer: () => new AbortController().signal,
      log: (line: object) => void this.lines.push(line),
      memory: new MemoryBudget(() => this.now),
      deadlineMs: 30_000,
      storeMs: 10_000,
      publicUrl: new URL("https://namesight.test"),
      botAccount: { name: this.account, dailyLimit: this.dailyLimit },
      platformOf: async () => platform,
      jobs: { at: (id: string) => this.#job(id) },
      jobPictures: {
        put: async (_account: string, id: string) => void this.pictures.add(id),
        delete: async (_account: string, ids: readonly string[]) => ids.forEach((id) => void this.pictures.delete(id)),
      },
    } as unknown as ChatDeployment;
    return new ChatState({
      database: this.database,
      alarm: {
        get: async () => this.alarmAt,
        set: async (time) => {
          this.alarmAt = time;
        },
      },
      clear: async () => this.database.deleteAll(),
      deployment,
    });
  }

  #job(id: string): JobCalls {
    const job = () => this.jobs.get(id);
    return {
      begin: async (order: JobOrder) => {
        if (this.jobs.has(id)) return false;
        this.asked.push(`begin ${id}`);
        this.jobs.set(id, { order, end: null });
        if (this.endsAtOnce) await this.end(id);
        return true;
      },
      facts: async () => {
        const { end } = job() ?? {};
        if (!job()) return null;
        const charge = end?.charge ? { amount_usd: end.charge } : null;
        return { state: end ? (end.answer ? "succeeded" : "failed") : "running", charge } as unknown as JobFacts;
      },
      result: async () => {
        const answer = job()?.end?.answer;
        return answer ? { answer: JSON.stringify(answer), charge: null } : null;
      },
      cancel: async () => {
        const charge = job()?.end?.charge;
        if (this.jobs.delete(id)) this.asked.push(`cancel ${id}`);
        this.pictures.delete(id);
        return charge ? ({ state: "succeeded", charge: { amount_usd: charge } } as unknown as JobFacts) : null;
      },
    } as unknown as JobCalls;
  }
}

/** A PNG of one pixel. */
export const PNG = Uint8Array.from(
  atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="),
  (letter) => letter.charCodeAt(0),
);

/** An answer with one name, which the picture does not show. */
export const ANSWER = {
  partial: false,
  entities: [{ text: "Felix", type: "PER", visible: false, regions: [] }],
} as unknown as RecognizeAnswer;
