import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A Telegram that takes every call at once, and has one picture. */
export interface TelegramStub {
  readonly url: string;
  /** How many messages were sent. */
  readonly said: () => number;
  stop(): void;
}

export async function startTelegramStub(picture: Uint8Array): Promise<TelegramStub> {
  let said = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    request.resume();
    request.on("end", () => {
      if (path.startsWith("/file/")) return response.end(picture);
      if (path.endsWith("/sendMessage")) said++;
      const result = { message_id: said, file_id: "p", file_unique_id: "p", file_path: "photos/p.jpg" };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ ok: true, result }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    said: () => said,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
