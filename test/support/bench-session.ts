import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Session } from "../../bench/edge/session.ts";
import type { Edge } from "../../bench/edge/start.ts";
import { NAMES } from "../../bench/models/answers.ts";

/** What a server in place of both Workers was asked. */
export interface BenchServer {
  readonly url: string;
  /** Paths of the requests, in order. */
  readonly paths: string[];
  /** Bodies of the requests to `/replay`. */
  readonly plans: Array<{ calls: unknown[]; connections: number }>;
  /** Profiles that the session was configured with, by name. */
  readonly profiles: string[];
  readonly session: Session;
  stop(): void;
}

/**
 * A server in place of the product and the bare Worker, and a session that leads to it. It answers a post with a mask
 * for each name in its text, as JSON or as a stream of events.
 *
 * @param masks how many masks an answer has, from the number of names
 */
export async function startBenchServer(masks = (names: number) => names): Promise<BenchServer> {
  const [paths, plans, profiles]: [string[], BenchServer["plans"], string[]] = [[], [], []];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts).toString("latin1");
      paths.push(request.url ?? "");
      if (request.url === "/replay") plans.push(JSON.parse(body));
      const mask = '{"mask_method":"sam"}';
      const all = Array<string>(masks(NAMES.filter((name) => body.includes(name)).length)).fill(mask);
      if (request.url === "/admit") return response.end(`{"outcomes":{"admitted":${JSON.parse(body).count}}}`);
      if (request.url === "/operator/accounts") return response.end('{"first_key":{"key":"nk_live_bench"}}');
      if (request.headers.accept !== "text/event-stream")
        return response.end(`{"partial":false,"rss_mb":600,"masks":[${all.join()}]}`);
      response.write(all.map((data) => `event: mask\ndata: ${data}\n\n`).join(""));
      response.end("event: end\ndata: {}\n\n");
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const edge: Edge = { product: url, keyed: url, bare: url, inspectorPort: 0, stop: async () => undefined };
  const session = {
    models: { url },
    at: (_chains: unknown, work: (edge: Edge) => Promise<unknown>) => work(edge),
    configure: async (_setup: unknown, { name }: { name: string }) => void profiles.push(name),
  } as unknown as Session;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, paths, plans, profiles, session, stop };
}
