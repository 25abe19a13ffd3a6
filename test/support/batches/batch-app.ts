import { Hono } from "hono";
import { Keys } from "../../../src/accounts/keys.ts";
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

interface BatchAppOptions {
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

  /** Sends a request. Work behind the answer is not waited for. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const context = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} };
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
      batches: { at: (id: string) => this.at(id).state },
      jobs: this.jobs,
      jobPictures: {
        put: async (_account: string, id: string, picture: Picture) => {
          this.pictures.set(id, picture);
        },
        delete: async () => undefined,
      },
      clock: () => NOON,
      timer: () => new AbortController().signal,
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
