import { Hono } from "hono";
import { Keys } from "../../../src/accounts/keys.ts";
import type { BatchCalls } from "../../../src/jobs/batches/calls.ts";
import { renderProblem } from "../../../src/middleware/problems.ts";
import { type RequestVariables, requestId } from "../../../src/middleware/request-id.ts";
import type { Picture } from "../../../src/pipeline/picture/read-picture.ts";
import { MemoryBudget } from "../../../src/resilience/memory-budget.ts";
import type { BatchDeployment } from "../../../src/routes/batch-request.ts";
import { batchRoutes } from "../../../src/routes/batch-routes.ts";
import { NOON } from "../accounts/account.ts";
import { ScriptedJobs } from "./scripted-jobs.ts";
import { TestBatch } from "./test-batch.ts";

const SECRET = "a secret of tests, of 32 characters";

export interface BatchAppOptions {
  /** Whether keys are asked for. */
  readonly access?: "open" | "keys";
  /** Batches that another app began. */
  readonly batches?: Map<string, TestBatch>;
}

/** The operations on batches over batches in memory, whose jobs end when the test says so. */
export class BatchApp {
  readonly jobs = new ScriptedJobs();
  readonly batches: Map<string, TestBatch>;
  readonly pictures = new Map<string, Picture>();
  readonly keys = new Keys(SECRET);
  readonly app = new Hono<RequestVariables>();
  /** The requests that store pictures of a batch, by its id, and the ends of their claims. */
  readonly claims = new Map<string, { readonly request: string; readonly until: number }>();
  now = NOON;
  /** Goes before each call of a batch, and may wait, or throw what a Durable Object throws. */
  before: (method: string) => Promise<void> = async () => undefined;
  /** Goes before each answer of a batch, as `before` goes before each call. */
  after: (method: string) => Promise<void> = async () => undefined;
  /** Goes before each picture is stored. */
  beforePut: () => Promise<void> = async () => undefined;
  /** Aborts when the time of the requests is over. */
  readonly late = new AbortController();
  readonly #behind: Promise<unknown>[] = [];
  #ids = 0;

  constructor({ access = "open", batches = new Map() }: BatchAppOptions = {}) {
    this.batches = batches;
    const randomBytes = (length: number) => new Uint8Array(length).fill(++this.#ids);
    this.app.onError(renderProblem(() => undefined));
    this.app.use(requestId(() => NOON, randomBytes));
    batchRoutes(this.app, this.#deployment(access, randomBytes));
  }

  /** The batch of an id; a new one where none has begun. */
  at(id: string): TestBatch {
    let batch = this.batches.get(id);
    if (!batch) {
      batch = new TestBatch(this.jobs);
      this.batches.set(id, batch);
    }
    return batch;
  }

  /** A live key of an account. */
  async key(account = "newsroom"): Promise<string> {
    return (await this.keys.make(account, "live", (length) => new Uint8Array(length))).text;
  }

  /** Resolves when the work behind all answers is done. */
  settled(): Promise<unknown> {
    return Promise.all(this.#behind);
  }

  /** Sends a request. Work behind the answer is not waited for. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const context = {
      waitUntil: (work: Promise<unknown>) => void this.#behind.push(work),
      passThroughOnException: () => undefined,
      props: {},
    };
    return this.app.fetch(new Request(new URL(path, "https://namesight.test"), init), {}, context as never);
  }

  /** Begins a batch of lines of JSON. */
  post(lines: readonly unknown[] | string, query = "", headers: Record<string, string> = {}): Promise<Response> {
    const body = typeof lines === "string" ? lines : lines.map((line) => JSON.stringify(line)).join("\n");
    return this.fetch(`/v1/batches${query}`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson", ...headers },
      body,
    });
  }

  /** Rings the alarm of a batch, and ends the jobs that run. */
  async advance(id: string, state: Parameters<ScriptedJobs["end"]>[1] = "succeeded", amount = 1_500_000) {
    const batch = this.at(id);
    await batch.ring();
    for (const job of this.jobs.running) {
      if (!job.startsWith(id)) continue;
      this.jobs.end(job, state, amount);
      await this.jobs.tell(job, batch.state, state === "succeeded" ? amount : undefined);
    }
  }

  #calls(id: string): BatchCalls {
    return new Proxy({} as BatchCalls, {
      get:
        (_, method: keyof BatchCalls) =>
        async (...values: never[]) => {
          await this.before(method);
          const answer = await (this.at(id).state[method] as (...values: never[]) => unknown)(...values);
          await this.after(method);
          return answer;
        },
    });
  }

  #deployment(mode: "open" | "keys", randomBytes: (length: number) => Uint8Array): BatchDeployment {
    const unlimited = { limit: async () => ({ success: true }) };
    const authenticate = async (_key: string, scope: string | null) =>
      scope === null || scope === "recognize"
        ? ({ outcome: "valid", keyId: "key_1", mode: "live" } as const)
        : ({ outcome: "unknown_key" } as const);
    const keyed = {
      mode: "keys",
      keys: this.keys,
      accounts: { at: () => ({ authenticate }) },
      keyRate: unlimited,
      addressRate: unlimited,
    };
    const used = {
      access: mode === "open" ? { mode } : keyed,
      batches: { at: (id: string) => this.#calls(id) },
      jobs: this.jobs,
      jobPictures: {
        put: async (_account: string, id: string, picture: Picture) => {
          await this.beforePut();
          this.pictures.set(id, picture);
        },
        delete: async (_account: string, ids: readonly string[]) => {
          for (const id of ids) this.pictures.delete(id);
        },
        claim: async (_account: string, batch: string, request: string, now: number, until: number) => {
          if ((this.claims.get(batch)?.until ?? 0) > now) return false;
          this.claims.set(batch, { request, until });
          return true;
        },
        keepClaim: async (_account: string, batch: string, request: string, until: number) => {
          if (this.claims.get(batch)?.request !== request) return false;
          this.claims.set(batch, { request, until });
          return true;
        },
        unclaim: async (_account: string, batch: string, request: string) => {
          if (this.claims.get(batch)?.request === request) this.claims.delete(batch);
        },
      },
      clock: () => this.now,
      timer: () => this.late.signal,
      links: { sign: async () => "signed" },
      allowedOrigins: new Set<string>(),
      log: () => undefined,
      randomBytes,
      memory: new MemoryBudget(() => NOON),
      deadlineMs: 30_000,
      publicUrl: null,
      testChains: null,
    };
    // The routes of batches use no more of a deployment than this.
    return used as unknown as BatchDeployment;
  }
}
