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
  response.writeHead(status, { ...headers, "content-length": bytes.length });
  if (fault.kind !== "cut" && fault.kind !== "stalled") return void response.end(bytes);
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
    // The connection is closed after the written half has left. With "stalled" it stays open.
    if (fault.kind === "cut") response.socket?.destroySoon();
  });
}
