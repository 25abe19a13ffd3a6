import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { HostScript, RecordedCall } from "./script.ts";

/** One test's script, and how far it has come. */
interface Session {
  readonly id: string;
  readonly script: HostScript;
  readonly calls: RecordedCall[];
  /** How often each key's replies and faults were used. */
  readonly used: Map<string, number>;
  readonly predictions: Map<string, Record<string, unknown>>;
}

/** Starts the server on a free port of this machine. */
export async function startHostedServer(): Promise<{ url: string; server: Server }> {
  const sessions = new Map<string, Session>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      const path = new URL(request.url ?? "/", "http://host").pathname;
      if (request.method === "POST" && path === "/sessions") {
        const id = `s${sessions.size + 1}`;
        sessions.set(id, { id, script: JSON.parse(body.toString()) as HostScript, calls: [], used: new Map(), predictions: new Map() });
        response.end(`/s/${id}`);
        return;
      }
      const [, id = "", rest = ""] = /^\/s\/(s\d+)(\/.*)$/.exec(path) ?? [];
      const session = sessions.get(id);
      if (!session) return void response.writeHead(404).end();
      if (rest === "/calls") return json(response, 200, session.calls);
      serve(session, rest, request, body, response, `http://${request.headers.host}/s/${id}`);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function serve(session: Session, path: string, request: IncomingMessage, body: Buffer, response: ServerResponse, base: string): void {
  const parsed = parse(body);
  const operation = operationOf(request.method ?? "", path);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  session.calls.push({ operation, method: request.method ?? "", path, headers, body: parsed });
  const file = session.script.files?.[path.slice(1)];
  if (file) return void response.writeHead(200, { "content-type": file.type }).end(Buffer.from(file.base64, "base64"));
  const fields = (parsed ?? {}) as { version?: string; model?: string; input?: unknown };
  if (operation === "replicate.create") {
    const named = /\/(?:models|deployments)\/([^/]+\/[^/]+)\/predictions$/.exec(path)?.[1];
    const output = replyOf(session, `replicate ${named ?? fields.version}`);
    const id = `p${session.predictions.size + 1}`;
    const prediction = {
      id,
      model: named ?? "owner/name",
      version: fields.version ?? "hidden",
      input: fields.input,
      output,
      logs: "",
      error: null,
      data_removed: false,
      status: "succeeded",
      created_at: "2026-11-24T12:00:00.000Z",
      metrics: { predict_time: 0.1, total_time: 0.2 },
      urls: { get: `${base}/replicate/v1/predictions/${id}`, cancel: `${base}/replicate/v1/predictions/${id}/cancel`, web: base },
    };
    session.predictions.set(id, prediction);
    json(response, 201, prediction);
  } else if (operation === "replicate.get") json(response, 200, session.predictions.get(path.split("/").at(-1) ?? ""));
  else if (operation === "chat") json(response, 200, replyOf(session, `chat ${fields.model}`));
  else if (operation === "huggingface") json(response, 200, replyOf(session, `huggingface ${path.slice("/huggingface".length)}`));
  else if (operation === "cog")
    json(response, 200, { id: "c1", status: "succeeded", output: replyOf(session, `cog ${path.split("/")[2]}`) });
  else response.writeHead(404).end();
}

function operationOf(method: string, path: string): string {
  if (method === "POST" && /^\/replicate\/v1\/(?:(?:models|deployments)\/[^/]+\/[^/]+\/)?predictions$/.test(path))
    return "replicate.create";
  if (method === "GET" && /^\/replicate\/v1\/predictions\/[^/]+$/.test(path)) return "replicate.get";
  if (path.endsWith("/chat/completions")) return "chat";
  if (path.startsWith("/huggingface")) return "huggingface";
  if (/^\/cog\/[^/]+\/predictions$/.test(path)) return "cog";
  return "file";
}

function replyOf({ script, used }: Session, key: string): unknown {
  const replies = script.replies?.[key];
  if (!replies) throw new Error(`the script has no reply for "${key}"`);
  const count = used.get(key) ?? 0;
  used.set(key, count + 1);
  return replies[Math.min(count, replies.length - 1)];
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
