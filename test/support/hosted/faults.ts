import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./exchange.ts";
import type { Fault } from "./script.ts";

/** What a call meets before it does anything; null where it goes through to the protocol. */
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
  // Headers never come.
  return fault.kind === "silent" ? "nothing" : null;
}

/** Send an answer: all of it, or as much as the fault lets through. */
export function send({ status, headers, body }: Answer, fault: Fault, response: ServerResponse): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, "content-length": bytes.length });
  if (fault.kind !== "cut" && fault.kind !== "stalled") return void response.end(bytes);
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
    // What was written must have left before the connection is closed; with "stalled" nothing more comes and it stays
    // open.
    if (fault.kind === "cut") response.socket?.destroySoon();
  });
}
