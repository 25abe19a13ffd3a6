import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { IngestAnswer, NewSourceAnswer } from "../../schemas/sources.ts";
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

type Ingest = ReturnType<typeof startIngest>;
type Source = Awaited<ReturnType<Ingest["add"]>>;

/** A status, as Mastodon's administrative webhooks send it. */
export const status = (object: object = {}) => ({
  event: "status.created",
  created_at: "2026-11-23T12:00:00.000Z",
  object: {
    id: "115610000000000001",
    visibility: "public",
    content: "<p>Eileen Collins in Houston</p>",
    media_attachments: [
      { id: "1", type: "image", url: "https://files.example.org/1.jpg" },
      { id: "2", type: "image", url: "https://files.example.org/2.jpg" },
    ],
    ...object,
  },
});

/** Sends a message to a source, signed as Mastodon signs. */
export function deliver(
  ingest: Ingest,
  source: Source,
  message: unknown,
  change: { secret?: string; headers?: object } = {},
) {
  const body = typeof message === "string" ? message : JSON.stringify(message);
  const code = createHmac("sha256", change.secret ?? MASTODON.secret)
    .update(body)
    .digest("hex");
  const headers = { "content-type": "application/json", "x-hub-signature": `sha256=${code}`, ...change.headers };
  return ingest.fetch(new URL(source.url).pathname, { method: "POST", headers, body });
}

/** What became of a message that was taken. */
export const accepted = async (response: Response) => {
  if (response.status !== 202) throw new Error(await response.text());
  return IngestAnswer.parse(await response.json());
};
