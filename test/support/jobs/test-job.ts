import { RecognizeRequest } from "../../../schemas/recognize.ts";
import type { StageName } from "../../../schemas/stages/index.ts";
import type { JobOrder } from "../../../src/jobs/calls.ts";
import type { JobDeployment } from "../../../src/jobs/deployment.ts";
import { JobState } from "../../../src/jobs/job-state.ts";
import type { Picture } from "../../../src/pipeline/picture/read-picture.ts";
import type { sleep } from "../../../src/resilience/sleep.ts";
import { StageError } from "../../../src/stages/model.ts";
import { AnswerStore } from "../../../src/storage/answer-store.ts";
import type { Database, SqlValue } from "../../../src/storage/database.ts";
import { JobPictures } from "../../../src/storage/job-pictures.ts";
import { Leftovers } from "../../../src/storage/leftovers.ts";
import { MaskStore } from "../../../src/storage/mask-store.ts";
import { OverlayStore } from "../../../src/storage/overlay-store.ts";
import type { LinkSigner } from "../../../src/storage/signed-link.ts";
import { NOON } from "../accounts/account.ts";
import { MemoryBucket } from "../accounts/memory-bucket.ts";
import { NodeDatabase } from "../accounts/node-database.ts";
import { memoryCaches } from "../memory-caches.ts";
import { blackPng } from "../png.ts";
import { deploymentOf } from "../run.ts";
import { VirtualTime } from "../virtual-time.ts";
import { type Before, JOB_TEXT, jobModels } from "./job-models.ts";

export const JOB_ID = `req_${"0".repeat(26)}`;
const FIELDS = RecognizeRequest.parse({ text: JOB_TEXT });
/** How often the platform repeats an alarm whose process died. */
export const MOST_RETRIES = 6;
/** Made before any test: compressing takes place in another thread, whose end no virtual clock can order. */
const PNG = await blackPng(8, 6);
export const ADDRESS = "https://pictures.example.com/cat.png";

/** A post with a picture at an address, for which nobody pays. */
export function jobOrder(more: Partial<JobOrder> = {}): JobOrder {
  return {
    id: JOB_ID,
    account: "public",
    operation: "recognize",
    mode: "live",
    fields: FIELDS,
    image: { kind: "address", url: ADDRESS },
    payer: { kind: "nobody" },
    origin: "https://namesight.test/",
    acceptedAt: NOON,
    deadline: NOON + 600_000,
    keepSeconds: 7 * 86_400,
    reference: null,
    batch: null,
    chat: null,
    webhook: null,
    ...more,
  };
}

/** The fields of an order whose job keeps nothing for good. */
export const unstored = () => ({ fields: { ...FIELDS, store: false } });

/** Never answers, and rejects as a model does when it is aborted. */
export const hangs = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => {
    const abort = () => reject(new StageError("canceled", "was canceled"));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
  });

/** A job over a database in memory, with a clock that moves by itself, scripted models, and stores in memory. */
export class TestJob {
  readonly database = new NodeDatabase();
  readonly bucket = new MemoryBucket();
  readonly time = new VirtualTime(NOON);
  readonly lines: Array<Record<string, unknown>> = [];
  /** The stage of each call of a model, in order, and of each cancel. */
  readonly asked: StageName[] = [];
  readonly canceled: string[] = [];
  /** What chats were told. */
  readonly chatsTold: [chat: string, job: string][] = [];
  readonly ended: unknown[][] = [];
  readonly sent: Request[] = [];
  /** How many calls of models the deaths of processes have cut off. */
  cutOff = 0;
  /** How often the picture was fetched. */
  pictures = 0;
  alarmAt: number | null = null;
  before: Before = () => undefined;
  /** Decides how a receiver of webhooks answers. */
  receive: () => number = () => 204;
  more: Partial<JobDeployment> = {};
  /** Statements after which the process dies; none where it is infinite. */
  lives = Number.POSITIVE_INFINITY;
  /** How often the alarm has been repeated without its work being done. */
  retries = 0;
  state: JobState;
  #alive = { is: true };

  constructor() {
    this.state = this.#start();
  }

  /** The process ends with all that it has in memory, and another one goes on. */
  evict(): void {
    this.#alive.is = false;
    this.state = this.#start();
  }

  /** The process ends; the alarm that rings in it is repeated in another one. */
  kill(): void {
    this.#alive.is = false;
  }

  png(): Uint8Array<ArrayBuffer> {
    return PNG.slice();
  }

  get isAlive(): boolean {
    return this.#alive.is;
  }

  /** Rings the alarm that is set, at its time. The platform repeats one whose process died, six times. */
  async ring(): Promise<void> {
    if (this.alarmAt === null) return;
    const rung = this.alarmAt;
    this.time.now = Math.max(this.time.now, rung);
    this.alarmAt = null;
    await this.time.pass(this.state.alarm(this.retries));
    const isRepeated = !this.isAlive && this.alarmAt === null;
    this.retries = isRepeated ? this.retries + 1 : 0;
    if (this.isAlive) return;
    this.cutOff += this.#openCalls();
    if (this.retries <= MOST_RETRIES) this.alarmAt ??= rung;
    this.evict();
  }

  /** Rings the alarm as often as it is set up to a time, and lets time pass until then. */
  async passUntil(time: number): Promise<void> {
    while (this.alarmAt !== null && this.alarmAt <= time) await this.ring();
    this.time.now = Math.max(this.time.now, time);
  }

  /** Begins a job and runs it until nothing is due at once. */
  async run(order: JobOrder = jobOrder()): Promise<void> {
    await this.state.begin(order);
    await this.ring();
    while (this.alarmAt !== null && this.alarmAt <= this.time.now + 2_000) await this.ring();
  }

  #openCalls(): number {
    if (this.database.all("SELECT 1 FROM sqlite_master WHERE name = 'calls'").length === 0) return 0;
    return this.database.all("SELECT 1 FROM calls WHERE ended IS NULL").length;
  }

  #start(): JobState {
    this.#alive = { is: true };
    const alive = this.#alive;
    let inTransaction = false;
    const die = () => {
      if (this.lives <= 0 && !inTransaction) alive.is = false;
    };
    // A process that has died changes nothing any more. Its promises are let run out.
    const database: Database = {
      all: <Row>(statement: string, ...values: readonly SqlValue[]) => {
        if (alive.is) return this.database.all<Row>(statement, ...values);
        if (statement.startsWith("INSERT")) return [{ number: 0 }] as Row[];
        return statement.includes("FROM duties") ? [] : this.database.all<Row>(statement, ...values);
      },
      run: (statement, ...values) => {
        if (!alive.is) return;
        this.database.run(statement, ...values);
        this.lives--;
        die();
      },
      transaction: (work) => {
        if (!alive.is) return work();
        inTransaction = true;
        const result = this.database.transaction(work);
        inTransaction = false;
        die();
        return result;
      },
    };
    return new JobState({
      database,
      alarm: {
        get: async () => this.alarmAt,
        set: async (time) => {
          if (alive.is) this.alarmAt = time;
        },
      },
      clear: async () => {
        if (!alive.is) return;
        this.alarmAt = null;
        this.database.deleteAll();
      },
      deployment: this.#deployment(alive),
    });
  }

  #deployment(alive: { readonly is: boolean }): JobDeployment {
    const live = () => {
      if (!alive.is) throw new StageError("canceled", "was canceled");
    };
    const bucket = this.bucket.asBucket();
    const { clock, timer } = this.time;
    const kv = { delete: async () => undefined } as unknown as KVNamespace;
    const models = jobModels(
      async (stage, options, ids) => {
        live();
        this.asked.push(stage);
        await this.before(stage, options, ids);
        live();
      },
      async (kept) => {
        if (alive.is) this.canceled.push(String((kept as { id?: string }).id));
      },
    );
    const { expansions, captions } = memoryCaches(clock);
    const deployment = deploymentOf(models, {
      expansions,
      captions,
      clock,
      timer,
      sleep: this.time.sleep as typeof sleep,
      log: (line) => void this.lines.push({ ...line }),
      masks: new MaskStore(bucket),
      overlays: new OverlayStore(bucket),
      links: { sign: async () => "signed" } as unknown as LinkSigner,
      fetchPicture: async () => {
        this.pictures++;
        return this.png();
      },
    });
    return {
      ...deployment,
      access: { mode: "open" },
      answers: new AnswerStore(bucket),
      leftovers: new Leftovers(bucket, kv),
      howToPay: "Ask the operator.",
      jobPictures: new JobPictures<Picture>(bucket),
      batches: {
        at: (id) => ({
          ended: async (...told) => void this.ended.push([id, ...told]),
        }),
      },
      chats: {
        at: (chat) => ({
          ended: async (job) => void this.chatsTold.push([chat, job]),
        }),
      },
      fetchPublic: async (url, init) => {
        this.sent.push(new Request(url, init as RequestInit));
        return new Response(null, { status: this.receive() });
      },
      allowedOrigins: new Set(),
      ...this.more,
    };
  }
}
