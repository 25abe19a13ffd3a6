import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { benchBots } from "../../../../bench/commands/bots.ts";
import type { Session } from "../../../../bench/edge/session.ts";

const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(`${request.url} ${String(request.headers["x-telegram-bot-api-secret-token"]).length}`);
  request.resume();
  response.statusCode = 204;
  response.end();
});
await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
afterAll(() => void server.close());

test("sends each update with the secret, to chats that each had none, and measures both ways", async () => {
  const product = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let variables: Record<string, string> = {};
  const profiles: string[] = [];
  const session = {
    at: (given: Record<string, string>, work: (edge: object) => Promise<unknown>) => {
      variables = given;
      return work({ product });
    },
    configure: async (_: unknown, { name }: { name: string }) => void profiles.push(name),
  } as unknown as Session;
  const sizes = { warming: 1, single: 3, together: { updates: 4, connections: 2 }, bytes: 2_000 };
  const figures = await benchBots(session, undefined, sizes);
  expect(figures.map(({ unit, goal }) => [unit, goal])).toEqual([
    ["ms", { most: 200 }],
    ["/s", undefined],
  ]);
  expect(asked).toEqual(Array.from({ length: 8 }, () => "/hooks/telegram/BenchBot 43"));
  expect(profiles).toEqual(["stalled"]);
  expect(variables).toMatchObject({ TELEGRAM_TOKEN: expect.stringContaining(":"), MNER: "cog:bench/mner" });
});
