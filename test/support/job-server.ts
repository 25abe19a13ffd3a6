import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Session } from "../../bench/edge/session.ts";
import type { Edge } from "../../bench/edge/start.ts";
import { answerLog } from "../../bench/models/answer-log.ts";

/** A server in place of the Worker and of the models, for the benchmark of jobs. */
export interface JobServer {
  readonly url: string;
  /** What was asked: the method, the path without its query, and the preference. */
  readonly asked: string[];
  readonly session: Session;
  stop(): void;
}

/**
 * Starts a server that answers posts at once, as jobs, as batches and as streams of events.
 *
 * @param state of every job
 * @param events of every stream, by name
 * @param lost lines of a batch that have no result
 */
export async function startJobServer({
  state = "succeeded",
  events = ["mention", "expression", "end"],
  lost = 0,
} = {}): Promise<JobServer> {
  const asked: string[] = [];
  const log = answerLog();
  const lines = new Map<string, number>();
  const answer = '{"partial":false}';
  const json = (response: ServerResponse, status: number, body: object) =>
    response.writeHead(status).end(JSON.stringify(body));
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts).toString("latin1");
      const [path = ""] = (request.url ?? "").split("?");
      const prefer = String(request.headers.prefer ?? "");
      if (path === "/v1/nothing") return json(response, 404, {});
      if (path === "/answers") return json(response, 200, log.all());
      asked.push(`${request.method} ${path} ${prefer}`.trim());
      const id = `req_${asked.length}`;
      const isStream = path.endsWith("/events") || request.headers.accept === "text/event-stream";
      if (path === "/v1/batches") {
        lines.set(id, body.trim().split("\n").length);
        return json(response, 202, { id });
      }
      if (path.endsWith("/results")) {
        const count = (lines.get(path.split("/").at(-2) ?? "") ?? 0) - lost;
        return response.end(`${answer}\n`.repeat(count));
      }
      if (path === "/v1/recognize") for (const model of ["mner", "expansion"]) log.note(model, body);
      if (isStream) return response.end(events.map((event) => `event: ${event}\ndata: {}\n\n`).join(""));
      if (prefer === "respond-async") return json(response, 202, { id });
      response.end(/^\/v1\/jobs\/\w+$/.test(path) ? JSON.stringify({ state }) : answer);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const edge: Edge = { product: url, keyed: url, bare: url, inspectorPort: 0, stop: async () => undefined };
  const session = {
    models: { url },
    at: (_chains: unknown, work: (edge: Edge) => Promise<unknown>) => work(edge),
    configure: async () => undefined,
  } as unknown as Session;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, asked, session, stop };
}
