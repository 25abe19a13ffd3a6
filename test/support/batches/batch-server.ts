import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { JobEnd } from "../../../schemas/jobs.ts";
import { BatchApp, type BatchAppOptions } from "./batch-app.ts";

/** The operations on batches on a port of this machine. */
export interface BatchServer {
  readonly app: BatchApp;
  readonly url: string;
  /** Methods and paths of the requests, in their order. */
  readonly asked: string[];
  /** How many jobs of a batch end before its results are sent; null for all. */
  ending: number | null;
  /** How the job of a post ends, by the id that its line has. */
  endOf: (id: string | null) => JobEnd;
  /** Answers the next requests with these statuses in place of the service. */
  readonly statuses: number[];
  close(): Promise<void>;
}

export async function startBatchServer(options: BatchAppOptions = {}): Promise<BatchServer> {
  const app = new BatchApp(options);
  const listener = getRequestListener(async (request) => {
    const { pathname, search } = new URL(request.url);
    server.asked.push(`${request.method} ${pathname}`);
    const status = server.statuses.shift();
    if (status !== undefined) return new Response(null, { status });
    const [, id] = /^\/v1\/batches\/([^/]+)\/results$/.exec(pathname) ?? [];
    if (id && app.batches.has(id)) await endJobs(server, id);
    const hasBody = request.method === "POST";
    const response = await app.fetch(pathname + search, {
      method: request.method,
      headers: request.headers,
      ...(hasBody ? { body: await request.arrayBuffer() } : {}),
    });
    if (request.method === "DELETE") await app.batches.get(pathname.split("/").at(-1) ?? "")?.ring();
    return response;
  });
  const http: Server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const server: BatchServer = {
    app,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    asked: [],
    ending: null,
    endOf: () => "succeeded",
    statuses: [],
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

/** Ends as many jobs of a batch as `ending` says, a few at a time. */
async function endJobs({ app, ending, endOf }: BatchServer, id: string): Promise<void> {
  const batch = app.at(id);
  for (let left = ending ?? Number.POSITIVE_INFINITY; left > 0; ) {
    // What is days away is the end of its retention.
    if ((batch.alarmAt ?? 0) <= batch.now) await batch.ring();
    const running = app.jobs.running.filter((job) => job.startsWith(`${id}-`)).slice(0, left);
    if (running.length === 0) return;
    for (const job of running) {
      const state = endOf(app.jobs.jobs.get(job)?.order.reference ?? null);
      app.jobs.end(job, state, 1_500_000);
      await app.jobs.tell(job, batch.state, state === "succeeded" ? 1_500_000 : undefined);
    }
    left -= running.length;
  }
}
