import { createServer, type IncomingMessage, type Server } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Fields, TelegramChat } from "./telegram-chat.ts";
import { readFields } from "./telegram-fetch.ts";

/** Time between two looks for updates while a poll waits for one, in milliseconds. */
const LOOK_MS = 20;

/** Serves a chat on a socket, as Telegram does: calls, files, and polls that wait for an update. */
export async function serveTelegram(
  chat: TelegramChat,
  port = 0,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    const file = new RegExp(`^/file/bot${chat.token}/photos/(.+)\\.jpg$`).exec(path)?.[1];
    if (file !== undefined) {
      const bytes = chat.files.get(file);
      response.statusCode = bytes ? 200 : 404;
      return void response.end(bytes);
    }
    const method = new RegExp(`^/bot${chat.token}/(\\w+)$`).exec(path)?.[1];
    const fields = await fieldsOf(request);
    if (method === undefined) return answer(401, { ok: false, error_code: 401, description: "Unauthorized" });
    for (let waited = 0; method === "getUpdates" && isEmpty(fields); waited += LOOK_MS) {
      if (request.socket.destroyed || waited >= 1000 * Number(fields.timeout ?? 0)) break;
      await wait(LOOK_MS);
    }
    const reply = chat.handle(method, fields);
    if (!reply) return void request.socket.destroy();
    answer(reply.status, reply.body);

    function answer(status: number, body: object): void {
      response.statusCode = status;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(body));
    }
  });
  const isEmpty = ({ offset = 0 }: Fields) => !chat.updates.some(({ update_id }) => update_id >= Number(offset));
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`, server };
}

async function fieldsOf(request: IncomingMessage): Promise<Fields> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return readFields(request.headers["content-type"] ?? "", Buffer.concat(parts));
}
