/**
 * `node bench/models/server.ts`: models with set delays on a free port of this machine, which is the first line that it
 * prints. They have a process of their own, so that they share no event loop with what is measured. `PUT /settings`
 * says how long each model takes (`ModelSettings`). The process ends when its input ends.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerLog } from "./answer-log.ts";
import { answerOf } from "./protocols.ts";
import { createQueues, type ModelSettings } from "./queues.ts";

const queues = createQueues();
/** The last answers, which `GET /answers` returns. */
const log = answerLog();
/** The body of the last chat request, which `GET /last-chat` returns. */
let lastChat = "{}";

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts).toString();
    if (request.method === "PUT" && request.url === "/settings") {
      queues.configure(JSON.parse(body) as ModelSettings);
      return send(response, 200, "{}");
    }
    if (request.url === "/last-chat") return send(response, 200, lastChat);
    if (request.url === "/answers") return send(response, 200, JSON.stringify(log.all()));
    if (request.url?.endsWith("/chat/completions")) lastChat = body;
    const answer = request.method === "POST" ? answerOf(request.url ?? "", body) : null;
    // Also the answer to an admission: these hosts know none.
    if (!answer) return send(response, 404, "{}");
    const abandon = queues.answerAfter(answer.model, () => {
      log.note(answer.model, body);
      send(response, 200, JSON.stringify(answer.body));
    });
    response.once("close", () => {
      if (!response.writableFinished) abandon();
    });
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.stdin.on("end", () => process.exit(0)).resume();
