import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { NewSourceAnswer } from "../../schemas/sources.ts";
import { readBindings, type World } from "../../src/bindings.ts";
import type { JobCalls, JobOrder } from "../../src/jobs/calls.ts";
import { renderProblem } from "../../src/middleware/problems.ts";
import { type RequestVariables, requestId } from "../../src/middleware/request-id.ts";
import { whyNotAllowed } from "../../src/net/guarded-post.ts";
import { ingestRoute } from "../../src/routes/ingest.ts";
import { sourceRoutes } from "../../src/routes/ingest-sources.ts";
import { countingBytes } from "./account-harness.ts";
import { NOON } from "./harness.ts";

/** The beginnings of jobs, in memory. `before` may wait, or throw what a Durable Object throws. */
export class BegunJobs {
  readonly orders = new Map<string, JobOrder>();
  before: (id: string) => Promise<void> = async () => {};

  at(id: string): JobCalls {
    const begin = async (order: JobOrder) => {
      await this.before(id);
      if (order.id !== id) throw new Error(`${order.id} was sent to ${id}`);
      if (this.orders.has(id)) return false;
      // As a Durable Object gets it.
      this.orders.set(id, structuredClone(order));
      return true;
    };
    return { begin } as Partial<JobCalls> as JobCalls;
  }
}

export const TOKEN = env.OPERATOR_TOKEN;

/** A source of Mastodon's, without an account. */
export const MASTODON = {
  name: "our Mastodon server",
  signature: { scheme: "mastodon" },
  secret: "0123456789abcdef0123456789abcdef01234567",
  mapping: {
    where: { "/event": "status.created" },
    text: "/object/content",
    html: true,
    pictures: [{ items: "/object/media_attachments/*", address: "/url", where: { "/type": "image" } }],
    id: "/object/id",
  },
};

/** The routes of sources and messages over this test's R2, with jobs in memory. */
export function startIngest(world: World = {}, variables: Partial<Record<string, unknown>> = {}) {
  const lines: Record<string, unknown>[] = [];
  const jobs = new BegunJobs();
  const calm = { clock: () => NOON, randomBytes: countingBytes(), log: (line: object) => lines.push({ ...line }) };
  const bindings = readBindings({ ...env, ...variables } as Env, { ...calm, ...world });
  const dependencies = { ...bindings, jobs, whyNotTold: (url: string) => whyNotAllowed(url, new Set()) };
  const app = new Hono<RequestVariables>();
  app.onError(renderProblem(dependencies.log));
  app.use(requestId(dependencies.clock, dependencies.randomBytes));
  app.post("/hooks/ingest/:source", ingestRoute(dependencies));
  sourceRoutes(app, dependencies);
  const fetch = async (path: string, init?: RequestInit) => {
    const context = createExecutionContext();
    const response = await app.fetch(new Request(new URL(path, "https://namesight.test"), init), env, context);
    await waitOnExecutionContext(context);
    return response;
  };
  const operate = (method: string, path: string, body?: unknown, token: string | null = TOKEN) =>
    fetch(path, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const add = async (source: object = MASTODON) => {
    const response = await operate("POST", "/operator/sources", source);
    if (response.status !== 201) throw new Error(await response.text());
    return NewSourceAnswer.parse(await response.json());
  };
  return { app, jobs, lines, fetch, operate, add };
}
