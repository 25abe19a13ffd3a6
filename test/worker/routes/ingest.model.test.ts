import { createHmac } from "node:crypto";
import fc from "fast-check";
import { Hono } from "hono";
import { expect, test } from "vitest";
import { PROBLEMS, ProblemError } from "../../../schemas/problem.ts";
import { IngestAnswer, Mapping, RequestSettings } from "../../../schemas/sources.ts";
import type { JobCalls, JobOrder } from "../../../src/jobs/calls.ts";
import type { RequestVariables } from "../../../src/middleware/request-id.ts";
import { MemoryBudget } from "../../../src/resilience/memory-budget.ts";
import { type IngestDependencies, ingestRoute } from "../../../src/routes/ingest.ts";
import type { SourceStore, StoredSource } from "../../../src/storage/source-store.ts";

const NOW = 1_700_000_000_000;
const SECRET = "0123456789abcdef0123";
const SOURCE: StoredSource = {
  id: "src_0123456789abcdef01234567",
  name: "desk",
  account: null,
  signature: { scheme: "github" },
  mapping: Mapping.parse({ text: "/text", pictures: ["/pictures"], id: "/id" }),
  defaults: RequestSettings.parse({}),
  reply: null,
  secrets: [{ secret: SECRET, createdAt: 0, expiresAt: null }],
  replySecret: null,
  createdAt: 0,
};

/** What happens to one beginning of a job. */
type Fault = "none" | "lost before it was stored" | "lost after it was stored";
/** How often a sender sends a message at once, each time until it is taken. */
interface Sending {
  readonly id: number;
  readonly pictures: number;
  readonly senders: number;
  /** Whether somebody without the secret sends it too, changed. */
  readonly isForged: boolean;
}

const sendings = fc.uniqueArray(
  fc.record({
    id: fc.nat(5),
    pictures: fc.nat(3),
    senders: fc.integer({ min: 1, max: 3 }),
    isForged: fc.boolean(),
  }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 3 },
);
const faults = fc.infiniteStream(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Fault>("none") },
    { weight: 1, arbitrary: fc.constantFrom<Fault>("lost before it was stored", "lost after it was stored") },
  ),
);

/** The hook over jobs that are stored for good, whatever becomes of the calls. */
function startHook(scheduler: fc.Scheduler, nextFault: () => Fault) {
  const stored = new Map<string, JobOrder>();
  const begin = async (order: JobOrder) => {
    const fault = nextFault();
    await scheduler.schedule(Promise.resolve(), `begin ${order.id}`);
    if (fault === "lost before it was stored") throw new Error(fault);
    const isNew = !stored.has(order.id);
    if (isNew) stored.set(order.id, order);
    await scheduler.schedule(Promise.resolve(), `began ${order.id}`);
    if (fault === "lost after it was stored") throw new Error(fault);
    return isNew;
  };
  const never = new AbortController().signal;
  const dependencies: Partial<IngestDependencies> = {
    access: { mode: "open" },
    clock: () => NOW,
    timer: () => never,
    log: () => undefined,
    storeMs: 1_000,
    publicUrl: new URL("https://namesight.test"),
    memory: new MemoryBudget(() => NOW),
    allowedOrigins: new Set(),
    sources: { get: async () => SOURCE } as Partial<SourceStore> as SourceStore,
    jobs: { at: () => ({ begin }) as Partial<JobCalls> as JobCalls },
  };
  const app = new Hono<RequestVariables>();
  app.onError((error, context) =>
    context.text("", error instanceof ProblemError ? (PROBLEMS[error.code].status as 503) : 500),
  );
  app.post("/hooks/ingest/:source", ingestRoute(dependencies as IngestDependencies));
  const send = async (body: string, secret: string) => {
    const headers = { "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}` };
    return app.request(`/hooks/ingest/${SOURCE.id}`, { method: "POST", headers, body });
  };
  return { stored, send };
}

const messageOf = ({ id, pictures }: Sending) => ({
  id: `m${id}`,
  text: "Eileen Collins",
  pictures: Array.from({ length: pictures }, (_, index) => `https://example.org/${id}/${index}`),
});

test("whatever is sent at once, sent again and lost, each picture of a message has one job, and forged ones none", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), sendings, faults, async (scheduler, sent, lost) => {
      const stream = lost[Symbol.iterator]();
      const { stored, send } = startHook(scheduler, () => stream.next().value as Fault);
      const untilTaken = async (body: string): Promise<IngestAnswer> => {
        const response = await send(body, SECRET);
        if (response.status === 202) return IngestAnswer.parse(await response.json());
        expect(response.status).toBe(503);
        return untilTaken(body);
      };
      const all = sent.flatMap((sending) => {
        const body = JSON.stringify(messageOf(sending));
        const forged = JSON.stringify({ ...messageOf(sending), text: "forged" });
        const taken = Array.from({ length: sending.senders }, async () => ({
          sending,
          answer: await untilTaken(body),
        }));
        const refused = sending.isForged ? [send(forged, "another secret").then(({ status }) => ({ status }))] : [];
        return [...taken, ...refused];
      });
      const ended = await scheduler.waitFor(Promise.all(all));
      for (const one of ended) {
        if ("status" in one) expect(one.status).toBe(403);
        else {
          // All jobs of a message that was taken are there, under the same ids for all who sent it.
          expect(one.answer.jobs).toHaveLength(Math.max(1, one.sending.pictures));
          for (const id of one.answer.jobs) expect(stored.get(id)?.reference).toBe(one.answer.id);
        }
      }
      const made = [...stored.values()].map(({ reference, image, fields }) =>
        JSON.stringify([reference, image, fields.text]),
      );
      const wanted = sent.flatMap((sending) => {
        const { id, pictures, text } = messageOf(sending);
        const images = pictures.length > 0 ? pictures.map((url) => ({ kind: "address", url })) : [null];
        return images.map((image) => JSON.stringify([id, image, text]));
      });
      expect(made.toSorted()).toEqual(wanted.toSorted());
    }),
    { numRuns: 500 },
  );
});
