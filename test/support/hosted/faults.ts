import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./exchange.ts";
import type { Fault } from "./script.ts";

/** Applies a fault that stops a call before its protocol; null where the call goes on. */
export function standInTheWay(fault: Fault, request: IncomingMessage): Answer | "nothing" | null {
  if (fault.kind === "status") {
    return {
      status: fault.status,
      headers: { "content-type": "application/json", ...fault.headers },
      body: fault.body ?? "{}",
    };
  }
  if (fault.kind === "reset") {
    request.socket.resetAndDestroy();
    return "nothing";
  }
  // The server never sends headers.
  return fault.kind === "silent" ? "nothing" : null;
}

/** Sends an answer, or as much of it as the fault allows. */
export function send({ status, headers, body }: Answer, fault: Fault, response: ServerResponse): void {
  const bytes = Buffer.from(body);
  if (fault.kind === "endless") {
    sendEndlessly(response);
    return;
  }
  response.writeHead(status, { ...headers, "content-length": bytes.length });
  if (fault.kind === "trickle") {
    sendByByte(bytes, response);
    return;
  }
  if (fault.kind !== "cut" && fault.kind !== "stalled") return void response.end(bytes);
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
    // The connection is closed after the written half has left. With "stalled" it stays open.
    if (fault.kind === "cut") response.socket?.destroySoon();
  });
}

/** Milliseconds between two bytes: a prediction takes minutes. */
const BYTE_MS = 100;

function sendByByte(bytes: Buffer, response: ServerResponse): void {
  let sent = 0;
  const next = setInterval(() => response.write(bytes.subarray(sent, ++sent)), BYTE_MS);
  response.once("close", () => clearInterval(next));
}

/** Sends spaces for as long as somebody reads them. */
function sendEndlessly(response: ServerResponse): void {
  const part = Buffer.alloc(1024 * 1024, " ");
  response.writeHead(200, { "content-type": "application/json" });
  const more = () => {
    while (!response.destroyed && response.write(part));
  };
  response.on("drain", more);
  more();
}
