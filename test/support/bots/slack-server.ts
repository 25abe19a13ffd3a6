import { createServer, type Server } from "node:http";
import { answerOf } from "./slack-fetch.ts";
import type { SlackWorkspace } from "./slack-workspace.ts";

/** Serves a workspace on a socket, as Slack does: `api` is the address of its Web API. */
export async function serveSlack(
  workspace: SlackWorkspace,
  port = 0,
): Promise<{ readonly api: string; readonly server: Server }> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const headers = new Headers(request.headers as Record<string, string>);
    const answer = answerOf(workspace, {
      path: request.url ?? "",
      headers,
      body: new Uint8Array(Buffer.concat(parts)),
    });
    if (!answer) return void request.socket.destroy();
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(new Uint8Array(await answer.arrayBuffer()));
  });
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  const address = server.address();
  workspace.origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return { api: `${workspace.origin}/api`, server };
}
