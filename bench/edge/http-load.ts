import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { PostBody } from "./post.ts";
import { readResponse } from "./responses.ts";

/** A request as bytes, ready to be sent. */
export interface RawRequest {
  readonly url: string;
  readonly bytes: Buffer;
}

export interface Load {
  /** Connections that each send the next request when the last one is answered. */
  readonly connections: number;
  /** Milliseconds after which no request is begun. */
  readonly ms: number;
}

/** What a load met. */
export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
}

/** A POST as bytes. */
export function rawPost(url: string, { bytes, type }: PostBody): RawRequest {
  const { host, pathname } = new URL(url);
  const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  return { url, bytes: Buffer.concat([Buffer.from(head), bytes]) };
}

/**
 * Sends requests over kept connections, with so little work for each that the client is not what is measured. Throws
 * when an answer is not a 200.
 *
 * @param next the request to send, by its number
 */
export async function sendLoad(next: (index: number) => RawRequest, { connections, ms }: Load): Promise<LoadResult> {
  const first = next(0);
  const { hostname, port } = new URL(first.url);
  const sockets = Array.from({ length: connections }, () => connect(Number(port), hostname));
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  const started = performance.now();
  const until = started + ms;
  let sent = 0;
  try {
    await Promise.all(
      sockets.map((socket) => sendUntil(socket, () => (performance.now() < until ? next(sent++) : null))),
    );
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  return { requests: sent, perSecond: sent / ((performance.now() - started) / 1_000) };
}

function sendUntil(socket: Socket, next: () => RawRequest | null): Promise<void> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const send = () => {
      const request = next();
      if (request) socket.write(request.bytes);
      else resolve();
    };
    socket.setNoDelay();
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the connection was closed")));
    socket.on("data", (part: Buffer) => {
      received = received.length === 0 ? part : Buffer.concat([received, part]);
      try {
        const response = readResponse(received);
        if (!response) return;
        if (response.status !== 200) throw new Error(`status ${response.status}: ${received.toString().slice(0, 500)}`);
        received = received.subarray(response.bytes);
      } catch (error) {
        socket.destroy();
        return reject(error);
      }
      send();
    });
    send();
  });
}
