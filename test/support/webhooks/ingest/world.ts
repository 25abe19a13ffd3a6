import { createHmac } from "node:crypto";
import type fc from "fast-check";
import { Hono } from "hono";
import { PROBLEMS, ProblemError } from "../../../../schemas/problem.ts";
import { IngestAnswer, Mapping, RequestSettings } from "../../../../schemas/sources.ts";
import type { JobCalls, JobOrder } from "../../../../src/jobs/calls.ts";
import type { RequestVariables } from "../../../../src/middleware/request-id.ts";
import { MemoryBudget } from "../../../../src/resilience/memory-budget.ts";
import { type IngestDependencies, ingestRoute } from "../../../../src/routes/ingest.ts";
import type { SourceStore, StoredSource } from "../../../../src/storage/source-store.ts";

const NOW = 1_700_000_000_000;

/** Two sources, whose senders give their messages the same ids. */
const SOURCES = ["src_0123456789abcdef01234567", "src_76543210fedcba9876543210"].map(
  (id, index): StoredSource => ({
    id,
    name: `desk ${index}`,
    account: null,
    signature: { scheme: "github" },
    mapping: Mapping.parse({ text: "/text", pictures: ["/pictures"], id: "/id" }),
    defaults: RequestSettings.parse({}),
    reply: null,
    secrets: [{ secret: secretOf(index), createdAt: 0, expiresAt: null }],
    replySecret: null,
    createdAt: 0,
  }),
);

/** What happens to one beginning of a job. */
export type Fault = "none" | "lost before it was stored" | "lost after it was stored";

/** How often a sender sends a message at once, each time until it is taken. */
export interface Sending {
  readonly source: number;
  readonly id: number;
  readonly pictures: number;
  readonly senders: number;
  /** Whether the sender of the other source, which has another secret, sends it here too, changed. */
  readonly isForged: boolean;
}

/** An acknowledgement that a sender got. */
interface Taken {
  readonly sending: Sending;
  readonly answer: IngestAnswer;
  /** The jobs that were stored when it got it. */
  readonly stored: readonly string[];
  /** How often the message was sent before it was taken. */
  readonly attempts: number;
}

/** The hook over jobs that are stored for good, whatever becomes of the calls. */
export class World {
  /** The orders of the jobs that have begun, by the ids of the jobs. */
  readonly stored = new Map<string, JobOrder>();
  readonly taken: Taken[] = [];
  /** The statuses that forged messages got. */
  readonly forged: number[] = [];
  readonly faults = new Set<Fault>();
  readonly sendings: readonly Sending[];
  readonly #scheduler: fc.Scheduler;
  readonly #nextFault: () => Fault;
  readonly #app = new Hono<RequestVariables>();

  constructor(scheduler: fc.Scheduler, sendings: readonly Sending[], nextFault: () => Fault) {
    this.#scheduler = scheduler;
    this.sendings = sendings;
    this.#nextFault = nextFault;
    const sources: Partial<SourceStore> = { get: async (id) => SOURCES.find((source) => source.id === id) ?? null };
    const dependencies: Partial<IngestDependencies> = {
      access: { mode: "open" },
      clock: () => NOW,
      timer: () => new AbortController().signal,
      log: () => undefined,
      storeMs: 1_000,
      publicUrl: new URL("https://namesight.test"),
      memory: new MemoryBudget(() => NOW),
      allowedOrigins: new Set(),
      sources: sources as SourceStore,
      jobs: { at: (id) => ({ begin: (order) => this.#begin(id, order) }) as Partial<JobCalls> as JobCalls },
    };
    this.#app.onError((error, context) =>
      context.text("", error instanceof ProblemError ? (PROBLEMS[error.code].status as 503) : 500),
    );
    this.#app.post("/hooks/ingest/:source", ingestRoute(dependencies as IngestDependencies));
  }

  /** Has every sender send its message until it is taken, in the scheduler's order. */
  async play(): Promise<void> {
    const all = this.sendings.flatMap((sending) => {
      const senders = Array.from({ length: sending.senders }, () => this.#sendUntilTaken(sending));
      return sending.isForged ? [...senders, this.#forge(sending)] : senders;
    });
    await this.#scheduler.waitFor(Promise.all(all));
  }

  /** Each time, the same message is written in another way. */
  async #sendUntilTaken(sending: Sending): Promise<void> {
    for (let attempts = 1; ; attempts++) {
      const body = JSON.stringify(messageOf(sending), null, attempts);
      const response = await this.#send(sending.source, body, secretOf(sending.source));
      if (response.status === 202) {
        const answer = IngestAnswer.parse(await response.json());
        this.taken.push({ sending, answer, stored: [...this.stored.keys()], attempts });
        return;
      }
      if (response.status !== 503) throw new Error(`a sender got HTTP ${response.status}`);
    }
  }

  async #forge(sending: Sending): Promise<void> {
    const body = JSON.stringify({ ...messageOf(sending), text: "forged" });
    const { status } = await this.#send(sending.source, body, secretOf(1 - sending.source));
    this.forged.push(status);
  }

  async #send(source: number, body: string, secret: string): Promise<Response> {
    const code = createHmac("sha256", secret).update(body).digest("hex");
    const headers = { "x-hub-signature-256": `sha256=${code}` };
    return this.#app.request(`/hooks/ingest/${SOURCES[source]?.id}`, { method: "POST", headers, body });
  }

  async #begin(id: string, order: JobOrder): Promise<boolean> {
    const fault = this.#nextFault();
    this.faults.add(fault);
    await this.#scheduler.schedule(Promise.resolve(), `begin ${id}`);
    if (fault === "lost before it was stored") throw new Error(fault);
    const isNew = !this.stored.has(id);
    if (isNew) this.stored.set(id, order);
    await this.#scheduler.schedule(Promise.resolve(), `began ${id}`);
    if (fault === "lost after it was stored") throw new Error(fault);
    return isNew;
  }
}

/** What a sender sends. */
export function messageOf({ source, id, pictures }: Sending) {
  return {
    id: `m${id}`,
    text: `Eileen Collins for desk ${source}`,
    pictures: Array.from({ length: pictures }, (_, index) => `https://example.org/${source}/${id}/${index}`),
  };
}

function secretOf(source: number): string {
  return `0123456789abcdef012${source}`;
}
