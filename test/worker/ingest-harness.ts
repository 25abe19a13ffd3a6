import { env } from "cloudflare:workers";
import { NewSourceAnswer } from "../../schemas/sources.ts";
import type { World } from "../../src/bindings.ts";
import type { JobCalls, JobOrder } from "../../src/jobs/calls.ts";
import { countingBytes } from "./account-harness.ts";
import { scriptedPost, startApp } from "./harness.ts";

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

/** The app with jobs in memory, and what the operator does with sources. */
export function startIngest(world: World = {}, variables: Partial<Record<string, unknown>> = {}) {
  const jobs = new BegunJobs();
  const { lines, fetch } = startApp(scriptedPost(), { randomBytes: countingBytes(), jobs, ...world }, variables);
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
  return { jobs, lines, fetch, operate, add };
}
