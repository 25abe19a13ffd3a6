import { afterEach, expect, test } from "vitest";
import { type ChatRequest, type ChatServer, forwardTo, startChatServer } from "../../../../eval/chat/chat-server.ts";

const servers: ChatServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function start(answer: Parameters<typeof startChatServer>[0]) {
  const server = await startChatServer(answer, ({ messages }) => String(messages[0]?.content).slice(0, 1));
  servers.push(server);
  const ask = (content: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/chat/completions`, {
      method: "POST",
      headers,
      body: JSON.stringify({ model: "m", messages: [{ role: "user", content }] }),
    });
  return { server, ask };
}
const reply = (content: string, usage?: object) => ({ choices: [{ message: { content } }], ...(usage && { usage }) });

test("counts requests, characters and tokens, and starts anew when they are taken", async () => {
  const { server, ask } = await start(async () => reply("four", { prompt_tokens: 7, completion_tokens: 2 }));
  expect(await (await ask("a")).json()).toEqual(reply("four", { prompt_tokens: 7, completion_tokens: 2 }));
  await ask("a");
  const prompt = JSON.stringify([{ role: "user", content: "a" }]).length;
  expect(server.takeCosts()).toEqual({
    requests: 2,
    promptCharacters: 2 * prompt,
    replyCharacters: 8,
    tokens: 18,
    roundTrips: 2,
  });
  expect(server.takeCosts()).toMatchObject({ requests: 0, tokens: null, roundTrips: 0 });
});

test("counts calls for one post at the same time as one round trip, and those of two posts as two", async () => {
  const both = Promise.withResolvers<void>();
  let open = 0;
  const { server, ask } = await start(async () => {
    if (++open === 3) both.resolve();
    await both.promise;
    return reply("");
  });
  await Promise.all([ask("a1"), ask("a2"), ask("b1")]);
  expect(server.takeCosts()).toMatchObject({ requests: 3, roundTrips: 2, tokens: null });
});

test("passes questions on to another host with its token, and answers 502 when that one fails", async () => {
  const asked: Array<string | undefined> = [];
  const other = await start(async (_, authorization) => {
    asked.push(authorization);
    if (asked.length > 1) throw new Error("broken");
    return reply("from there");
  });
  const { ask, server } = await start(forwardTo(`${other.server.url}/`));
  expect(await (await ask("a", { authorization: "Bearer t0ken" })).json()).toEqual(reply("from there"));
  expect(asked).toEqual(["Bearer t0ken"]);
  expect((await ask("a")).status).toBe(502);
  expect(server.takeCosts()).toMatchObject({ requests: 1 });
});

test("stops although a caller keeps its connection", async () => {
  const { server, ask } = await start(async (request: ChatRequest) => reply(request.model));
  await ask("a");
  await server.stop();
  servers.pop();
  await expect(ask("a")).rejects.toThrow();
});
