import { isEnd } from "../../../../schemas/jobs.ts";
import { ProblemError } from "../../../../schemas/problem.ts";
import type { StageName } from "../../../../schemas/stages/index.ts";
import type { AccountCalls } from "../../../../src/accounts/calls.ts";
import type { JobOrder } from "../../../../src/jobs/calls.ts";
import type { JobDeployment } from "../../../../src/jobs/deployment.ts";
import { JobState } from "../../../../src/jobs/job-state.ts";
import { type JobRecord, readJob } from "../../../../src/jobs/record.ts";
import type { Picture } from "../../../../src/pipeline/picture/read-picture.ts";
import { canceledOrLate } from "../../../../src/providers/refusal.ts";
import type { sleep } from "../../../../src/resilience/sleep.ts";
import { untilAborted } from "../../../../src/resilience/until-aborted.ts";
import { StageError } from "../../../../src/stages/model.ts";
import { AnswerStore } from "../../../../src/storage/answer-store.ts";
import { JobPictures } from "../../../../src/storage/job-pictures.ts";
import { Leftovers } from "../../../../src/storage/leftovers.ts";
import { MaskStore } from "../../../../src/storage/mask-store.ts";
import { OverlayStore } from "../../../../src/storage/overlay-store.ts";
import type { LinkSigner } from "../../../../src/storage/signed-link.ts";
import type { TestAccount } from "../../accounts/account.ts";
import { MemoryBucket } from "../../accounts/memory-bucket.ts";
import { type Process, Processes, settled } from "../../accounts/model/processes.ts";
import type { Tape } from "../../accounts/model/tape.ts";
import { NodeDatabase } from "../../accounts/node-database.ts";
import { memoryCaches } from "../../memory-caches.ts";
import { blackPng } from "../../png.ts";
import { deploymentOf } from "../../run.ts";
import { jobModels } from "../job-models.ts";
import { MOST_RETRIES } from "../test-job.ts";
import { type HostAccess, itemOf, PredictionHost } from "./host.ts";
import { forgottenUntold, type Left, leftIn, type Post } from "./left.ts";
import { Points } from "./points.ts";

/** Made before any test: compressing takes place in another thread. */
const PNG = await blackPng(8, 6);
/** The stages whose models do their work behind the request that creates it. */
const HOSTED: readonly StageName[] = ["grounding", "segmentation"];
/** What receivers answer. */
const STATUSES = [204, 204, 204, 500, 500, 410];
const DAY = 86_400_000;

/** A job whose process may end at every point at which it reaches something outside, and what was seen of it. */
export class World {
  readonly processes: Processes;
  readonly points: Points;
  readonly database = new NodeDatabase();
  readonly bucket = new MemoryBucket();
  readonly account: TestAccount;
  readonly host: PredictionHost;
  readonly caches: ReturnType<typeof memoryCaches>;
  readonly posts: Post[] = [];
  /** What went wrong where it can be seen at once, by the invariant. */
  readonly faults: Array<readonly [invariant: string, fault: string]> = [];
  /** Events that were read, by number. */
  readonly read = new Map<number, string>();
  readonly order: JobOrder;
  /** The end as it was first seen, the answer, and the events that were stored with it. */
  end: string | null = null;
  answer: string | null = null;
  stored: ReadonlyArray<{ readonly number: number; readonly event: string }> = [];
  isBegun = false;
  isCanceled = false;
  atRest: Left | null = null;
  atExpiry: Left | null = null;
  kills = 0;
  canceledAt: number | null = null;
  /** Whether the findings were deleted before the account had said who is told of them; null while they are kept. */
  isForgottenUntold: boolean | null = null;
  /** The findings that were handed out before the job was canceled, as they are stored. */
  handedOut: readonly string[] = [];
  alarmAt: number | null = null;
  state: JobState;
  readonly #tape: Tape;
  #process: Process;
  #ringing: number | null = null;
  /** How often the alarm has been repeated, and which findings a caller has got. */
  #retries = 0;
  readonly #got = new Set<number>();

  constructor(tape: Tape, account: TestAccount, order: JobOrder) {
    this.order = order;
    this.#tape = tape;
    this.account = account;
    this.processes = new Processes(tape);
    this.caches = memoryCaches(this.clock);
    this.points = new Points(this.processes, tape, (process) => this.kill(process));
    const next = () => ({
      endsAt: this.processes.now + this.#choose([0, 0, 700, 8_000, 40_000, 500_000]),
      fails: this.#choose([false, false, false, false, false, false, true]),
    });
    this.host = new PredictionHost(next, (attempt, item) => this.#isCreated(attempt, item));
    [this.#process, this.state] = this.#start();
  }

  /** A timer of the platform, which no process owns. */
  readonly platformTimer = (milliseconds: number): AbortSignal =>
    this.processes.timer({ hasEnded: false }, milliseconds);

  readonly clock = () => this.processes.now;

  get isRinging(): boolean {
    return this.#ringing !== null;
  }

  /** The row of the job. */
  job(): JobRecord {
    return readJob(this.database);
  }

  /** Begins the job. A second time changes nothing. */
  async begin(): Promise<void> {
    const row = () => JSON.stringify(this.isBegun ? this.database.all("SELECT * FROM job") : []);
    const before = row();
    try {
      const isNew = await this.state.begin({ ...this.order, reference: this.isBegun ? "another" : null });
      if (isNew === this.isBegun) this.fault("begins", `it said ${isNew}`);
    } catch (error) {
      this.fault("begins", `it rejected: ${error}`);
    }
    if (this.isBegun && row() !== before) this.fault("begins", "a second begin changed it");
    this.isBegun = true;
  }

  async cancel(): Promise<void> {
    const wasEnded = isEnd(this.job().state);
    if (!wasEnded) this.handedOut = this.#events().flatMap(({ number, event }) => (this.#got.has(number) ? event : []));
    await this.state.cancel();
    this.canceledAt ??= this.processes.now;
    if (!wasEnded) this.isCanceled = true;
    const { tables } = this.#left();
    // A run that is being canceled may still store what it finds, until the alarm deletes that, too.
    if (wasEnded && tables.length > 0) this.fault("keeps", `deleted, and left at once: ${tables}`);
    await this.look();
  }

  /** Looks at the progress, as a caller does who is shown names and visibilities. */
  async poll(): Promise<void> {
    if (isEnd(this.job().state)) return;
    await this.state.facts(0, true);
    const shown = this.#events().filter(({ event }) => /^\{"event":"(mention|visibility)"/.test(event));
    for (const { number } of shown) this.#got.add(number);
  }

  #events() {
    return this.database.all<{ number: number; event: string }>("SELECT number, event FROM events ORDER BY number");
  }

  /** All reads of a caller. What has ended must stay as it was. */
  async look(): Promise<void> {
    const facts = await this.state.facts(0);
    const result = await this.state.result();
    if (facts && isEnd(facts.state)) {
      const { state, endedAt, problem, charge, partial } = facts;
      const end = JSON.stringify({ state, endedAt, problem, charge, partial });
      if (this.end !== null && this.end !== end) this.fault("ends", `${this.end} became ${end}`);
      this.end = end;
      if (result === null && this.answer === null && state === "succeeded" && this.job().isKept) {
        this.fault("ends", "succeeded without an answer");
      }
    } else if (this.end !== null) this.fault("ends", `${this.end} became ${facts?.state}`);
    if (result) {
      if (this.answer !== null && this.answer !== result.answer) this.fault("ends", "its answer changed");
      this.answer = result.answer;
      this.stored = this.#events();
    }
    await this.readEvents(0);
  }

  /** What is left once everything but the retention is done, and then what is left after it. */
  async rest(): Promise<void> {
    await this.look();
    this.atRest = this.#left();
    await this.account.passUntil(this.processes.now);
    const { expiresAt } = this.job();
    if (expiresAt === null) return;
    for (let steps = 0; this.job().isKept && steps < 200; steps++) {
      if (this.processes.waiting > 0) await this.processes.go(0);
      else await this.toNext(60 * DAY);
      this.ring();
    }
    this.atExpiry = this.#left();
  }

  #left(): Left {
    return leftIn(this.database, [...this.bucket.objects.keys(), ...this.caches.values.keys()]);
  }

  /** The alarm rings in the process that is there, when its time has come. */
  ring(): void {
    if (this.#ringing !== null || this.alarmAt === null || this.alarmAt > this.processes.now) return;
    this.#ringing = this.alarmAt;
    this.alarmAt = null;
    const process = this.#process;
    const end = () => {
      if (process.hasEnded) return;
      this.#ringing = null;
      this.#retries = 0;
    };
    this.state.alarm(this.#retries).then(end, (error) => {
      if (!process.hasEnded) this.fault("ends", `the alarm rejected: ${error?.stack}`);
      end();
    });
  }

  /**
   * Ends a process, which loses its memory. Another process continues. The alarm in flight rings again, unless the
   * platform has repeated it as often as it does, or another alarm was set meanwhile.
   */
  kill(process = this.#process): void {
    if (process.hasEnded) return;
    process.hasEnded = true;
    this.kills++;
    if (this.#ringing !== null) {
      this.#retries = this.alarmAt === null ? this.#retries + 1 : 0;
      if (this.#retries <= MOST_RETRIES) this.alarmAt ??= this.#ringing;
    }
    this.#ringing = null;
    [this.#process, this.state] = this.#start();
  }

  fault(invariant: string, fault: string): void {
    this.faults.push([invariant, fault]);
  }

  /** Lets time pass until something is due, if that is soon enough: a timer, or the alarm while it does not ring. */
  async toNext(mostMs = DAY): Promise<void> {
    const timer = this.processes.nextTimer();
    const alarm = this.isRinging ? null : this.alarmAt;
    const next = Math.min(timer ?? Number.POSITIVE_INFINITY, alarm ?? Number.POSITIVE_INFINITY);
    if (next > this.processes.now + mostMs) return;
    await this.processes.pass(Math.max(0, next - this.processes.now));
    await this.account.passUntil(this.processes.now);
    this.ring();
    await settled();
  }

  /** Reads events after a number, as a caller does who resumes its stream. */
  async readEvents(after: number): Promise<void> {
    const wasEnded = isEnd(this.job().state);
    const got = await this.state.events(after, 0);
    let last = after;
    const highest = got?.events.at(-1)?.number ?? 0;
    // Whoever goes on behind an event has got those before it.
    if (!wasEnded) for (let number = 1; number <= highest; number++) this.#got.add(number);
    for (const { number, event } of got?.events ?? []) {
      const text = JSON.stringify(event);
      if (number <= last) this.fault("events", `event ${number} came after ${last}`);
      const before = this.read.get(number);
      if (before !== undefined && before !== text) this.fault("events", `event ${number} changed`);
      this.read.set(number, text);
      last = number;
    }
  }

  #choose<Option>(options: readonly Option[]): Option {
    return this.points.isCalm || this.#tape.isOver ? (options[0] as Option) : this.#tape.pick(options);
  }

  /** Notes a question to a model about something that is answered already. */
  #isAsked(item: string): void {
    const [job] = this.database.all<{ state: string }>("SELECT state FROM job");
    if (job?.state !== "running") this.fault("asks", `${item} was asked in a job that was ${job?.state}`);
    const rows = this.database.all<{ stage: string; ids: string }>(
      "SELECT stage, ids FROM calls WHERE ended IS NOT NULL AND EXISTS (SELECT 1 FROM long_texts WHERE name = 'call ' || number)",
    );
    for (const { stage, ids } of rows) {
      if (itemOf(stage as never, JSON.parse(ids)) === item) this.fault("asks", `${item} was asked again`);
    }
  }

  #isCreated(attempt: string, item: string): void {
    if ([...this.host.predictions.values()].some((one) => one.attempt === attempt)) {
      this.fault("creates", `${item} was created twice by one attempt`);
    }
    const open = this.database
      .all<{ stage: string; ids: string }>("SELECT stage, ids FROM calls WHERE ended IS NULL")
      .filter(({ stage, ids }) => itemOf(stage as never, JSON.parse(ids)) === item);
    if (open.length > 1) this.fault("creates", `${item} was created while it had ${open.length} attempts`);
  }

  #start(): [Process, JobState] {
    const process: Process = { hasEnded: false };
    const live = () => {
      if (process.hasEnded) throw new Error("the process has ended");
      return this.database;
    };
    const state = new JobState({
      database: {
        all: (statement, ...values) => live().all(statement, ...values),
        run: (statement, ...values) => live().run(statement, ...values),
        transaction: (work) => {
          const result = live().transaction(work);
          this.isForgottenUntold ??= forgottenUntold(this.database);
          return result;
        },
      },
      alarm: {
        get: async () => this.alarmAt,
        set: async (time) => {
          if (!process.hasEnded) this.alarmAt = time;
        },
      },
      clear: async () => {
        if (process.hasEnded) return;
        this.alarmAt = null;
        this.database.deleteAll();
      },
      deployment: this.#deployment(process),
    });
    return [process, state];
  }

  #deployment(process: Process): JobDeployment {
    const { clock, points, processes, caches } = this;
    const timer = (milliseconds: number) => processes.timer(process, Math.ceil(milliseconds));
    const wait = ((milliseconds: number, signal?: AbortSignal) => {
      const slept = processes.sleep(process, Math.ceil(milliseconds));
      return signal ? untilAborted(slept, signal) : slept;
    }) as typeof sleep;
    const chance = () => (points.isCalm || this.#tape.isOver ? 0 : this.#tape.below(100) / 100);
    const access: HostAccess = {
      runtime: { clock, sleep: wait, chance, fetch: undefined as never },
      timer,
      reach: (work) => points.reach(process, "host", work),
    };
    const models = jobModels(
      async (stage, options, ids) => {
        this.#isAsked(itemOf(stage, ids));
        if (HOSTED.includes(stage)) return this.host.run(access, stage, ids, options);
        const { signal } = options;
        await untilAborted(
          points.reach(process, "model", () => undefined),
          signal,
        ).catch((error) => {
          throw signal.aborted ? canceledOrLate(signal) : new StageError("network", `${error}`);
        });
      },
      (kept) => this.host.cancelKept(access, kept),
      chance,
    );
    const bucket = new Proxy(this.bucket, {
      get: (target, name: "put" | "get" | "head" | "delete") => (key: never, value: never, options: never) =>
        points.reach<unknown>(process, "store", () =>
          name === "delete" ? target.delete([key].flat()) : target[name](key, value, options),
        ),
    }) as unknown as R2Bucket;
    const kv = { delete: async (key: string) => void caches.values.delete(key) } as unknown as KVNamespace;
    const deployment = deploymentOf(models, {
      expansions: caches.expansions,
      captions: caches.captions,
      clock,
      timer,
      sleep: wait,
      chance,
      log: () => undefined,
      masks: new MaskStore(bucket),
      overlays: new OverlayStore(bucket),
      links: { sign: async () => "signed" } as unknown as LinkSigner,
      fetchPicture: async (_, signal) => {
        const fetched = points.reach(process, "picture", () => PNG.slice());
        return untilAborted(fetched, signal).catch(() => {
          throw new ProblemError("overloaded", "The picture could not be fetched now.");
        });
      },
    });
    const account = this.#accountOf(process);
    return {
      ...deployment,
      access: { mode: "keys", accounts: { at: () => account } } as unknown as JobDeployment["access"],
      answers: new AnswerStore(bucket),
      leftovers: new Leftovers(bucket, kv),
      howToPay: "Ask the operator.",
      jobPictures: new JobPictures<Picture>(bucket),
      batches: { at: () => ({ ended: async () => undefined }) },
      chats: { at: () => ({ ended: async () => undefined }) },
      fetchPublic: async (url, init) => {
        const id = new Headers(init.headers as HeadersInit).get("webhook-id") ?? "";
        const posted = points.reach(process, "webhook", () => {
          const post: Post = { url: url.href, id, status: this.#choose(STATUSES), isKnown: false };
          this.posts.push(post);
          return post;
        });
        const post = await (init.signal ? untilAborted(posted, init.signal) : posted);
        post.isKnown = true;
        return new Response(null, { status: post.status });
      },
      allowedOrigins: new Set(),
    };
  }

  #accountOf(process: Process): AccountCalls {
    const call = (name: keyof AccountCalls) => (argument: never) =>
      this.points.reach(process, "account", async () => {
        this.account.now = this.processes.now;
        return (this.account.state[name] as (argument: never) => Promise<unknown>)(argument);
      });
    return new Proxy({} as AccountCalls, { get: (_, name) => call(name as keyof AccountCalls) });
  }
}
