import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { stripe } from "../stripe/protocol.ts";
import { chat } from "./chat.ts";
import { cog } from "./cog.ts";
import { type Exchange, faultOf, json, type Protocol, refusalOf, type Session } from "./exchange.ts";
import { fal } from "./fal.ts";
import { send, standInTheWay } from "./faults.ts";
import { huggingFace } from "./huggingface.ts";
import { moondream } from "./moondream.ts";
import { replicate } from "./replicate.ts";
import { roboflow } from "./roboflow.ts";
import type { HostScript } from "./script.ts";

/** Chat comes first, because other hosts have it below their own paths. */
const PROTOCOLS: readonly Protocol[] = [chat, replicate, huggingFace, cog, fal, roboflow, moondream, stripe];

/** Starts the server on a free port of this machine. */
export async function startHostedServer(): Promise<{ url: string; server: Server }> {
  const sessions = new Map<string, Session>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      route(sessions, request, Buffer.concat(parts), response).catch((error: unknown) => {
        // An error of this server must be visible in the test.
        send(json(500, { error: String(error) }), { kind: "none" }, response);
      });
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

async function route(
  sessions: Map<string, Session>,
  request: IncomingMessage,
  bytes: Buffer,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  if (request.method === "POST" && url.pathname === "/sessions") {
    const id = `s${sessions.size + 1}`;
    const script = JSON.parse(bytes.toString()) as HostScript;
    const [predictions, running, files, used] = [new Map(), new Set<string>(), new Map(), new Map()];
    sessions.set(id, { script, calls: [], predictions, running, files, deliveries: [], used });
    return void response.end(`/s/${id}`);
  }
  const [, id = "", path = ""] = /^\/s\/(s\d+)(\/.*)$/.exec(url.pathname) ?? [];
  const session = sessions.get(id);
  if (!session) return void response.writeHead(404).end();
  if (path === "/calls") return send(json(200, session.calls), { kind: "none" }, response);
  if (path === "/deliveries") return send(json(200, session.deliveries), { kind: "none" }, response);
  await serve(session, path, url, request, bytes, response);
}

async function serve(
  session: Session,
  path: string,
  url: URL,
  request: IncomingMessage,
  bytes: Buffer,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? "";
  const file = session.script.files?.[path.slice(1)];
  const protocol = file ? null : PROTOCOLS.find((candidate) => candidate.operationOf(method, path) !== null);
  const operation = protocol?.operationOf(method, path) ?? (file ? "file" : "unknown");
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const body = parse(bytes);
  const base64 = body === null && bytes.length > 0 ? bytes.toString("base64") : null;
  const call = { operation, method, path, search: url.search, headers, body, base64, abandoned: false };
  session.calls.push(call);
  response.on("close", () => {
    call.abandoned = !response.writableFinished;
  });
  const fault = faultOf(session, operation, Number(headers["x-clock"]));
  const met = standInTheWay(fault, request) ?? refusalOf(session, operation, body);
  if (met === "nothing") return;
  if (met) return send(met, fault, response);
  if (file)
    return send(
      { status: 200, headers: { "content-type": file.type }, body: Buffer.from(file.base64, "base64") },
      fault,
      response,
    );
  if (!protocol) return send(json(404, { detail: "there is no such route here" }), fault, response);
  const base = `${url.origin}${url.pathname.slice(0, -path.length)}`;
  const exchange: Exchange = {
    session,
    operation,
    method,
    path,
    query: url.searchParams,
    headers,
    bytes,
    body,
    base,
    fault,
  };
  send(await protocol.answer(exchange), fault, response);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}
