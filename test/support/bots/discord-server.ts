import { createServer, type Server } from "node:http";
import type { DiscordChat } from "./discord-chat.ts";

/** Serves a Discord on a socket: its API under /api/v10, and its attachments. */
export async function serveDiscord(
  chat: DiscordChat,
  port = 0,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as [string, string]);
    const { method = "GET", url = "" } = request;
    const body = method === "GET" ? null : Buffer.concat(parts);
    const answer = await chat.handle(new Request(`http://127.0.0.1${url}`, { method, headers, body }));
    if (!answer) return void request.socket.destroy();
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "image/png" });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`, server };
}
