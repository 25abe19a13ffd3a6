import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { sentencesOf } from "../../../src/bots/sentences.ts";
import { telegramSecret } from "../../../src/bots/telegram-secret.ts";
import { readProblem, startApp, TEXT } from "../harness.ts";
import { startBot } from "./bot-harness.ts";

const EN = sentencesOf("en");
const never = () => new Promise<never>(() => undefined);
const ANSWER = [
  "Eileen Collins (person): in the picture",
  "Felix (other): cannot tell",
  "Houston (place): not in the picture",
].join("\n");

test("204 in less than a second while every model hangs, and the placeholder is there", async () => {
  const bot = await startBot({ fetch: never });
  // The test's own compiler takes its time with code that is loaded when it is first needed.
  await bot.post(JSON.stringify(bot.update({ text: "/help" })));
  for (const _ of [1, 2]) await bot.ring();
  bot.telegram.calls.splice(0);
  bot.telegram.shown.clear();
  const update = bot.update(await bot.photo({ caption: TEXT }));
  const began = performance.now();
  const response = await bot.post(JSON.stringify(update));
  expect(response.status).toBe(204);
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(bot.telegram.calls).toEqual([]);
  expect(bot.alarm()).toBeLessThanOrEqual(Date.now());
  await bot.ring();
  expect(bot.shown()).toEqual([EN.looking]);
});

test("a post becomes the picture with its names, in the place of the placeholder, and nothing of it stays", async () => {
  const bot = await startBot();
  const update = bot.update(await bot.photo({ caption: TEXT }));
  await bot.post(JSON.stringify(update));
  // Delivered again before, while and after it is worked on.
  await bot.post(JSON.stringify(update));
  await bot.ring();
  await bot.ring();
  const [job, ...others] = bot.jobs();
  expect(others).toEqual([]);
  await bot.post(JSON.stringify(update));
  bot.kill();
  await bot.runJob(job ?? "");
  bot.kill();
  await bot.ring();
  expect(bot.shown()).toEqual([ANSWER]);
  const [shown] = [...bot.telegram.shown.values()];
  expect(shown?.entities).toEqual([
    { type: "bold", offset: 0, length: 14 },
    { type: "bold", offset: 40, length: 5 },
    { type: "bold", offset: 67, length: 7 },
  ]);
  expect([...(shown?.photo ?? []).slice(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  await bot.post(JSON.stringify(update));
  await bot.ring();
  expect(bot.shown()).toEqual([ANSWER]);
  expect(await bot.rows("messages")).toEqual([]);
  await bot.runJob(job ?? "");
  for (const bucket of [env.MASKS, env.PICTURES]) expect((await bucket.list()).objects).toEqual([]);
});

test("the parts of an album in any order, one of them twice, become one answer with a picture each", async () => {
  const bot = await startBot();
  const parts = [
    bot.update(await bot.photo({ media_group_id: "a" })),
    bot.update(await bot.photo({ media_group_id: "a", caption: TEXT })),
  ];
  for (const part of [parts[1], parts[0], parts[1]]) await bot.post(JSON.stringify(part));
  await bot.ring();
  expect(bot.shown()).toEqual([]);
  bot.pass(2_000);
  await bot.ring();
  await bot.ring();
  for (const job of bot.jobs()) await bot.runJob(job);
  await bot.ring();
  expect(bot.jobs()).toHaveLength(2);
  expect(bot.shown()).toEqual([`Picture 1\n${ANSWER}\nPicture 2\n${ANSWER}`, ""]);
  expect([...bot.telegram.shown.values()].every(({ photo }) => photo !== null)).toBe(true);
});

test("what no bot has to answer gets 204, and no chat is asked", async () => {
  const bot = await startBot();
  const { message, update_id } = bot.update({ text: "Felix" });
  const bodies = [{}, { update_id, edited_message: message }, { update_id, message: 7 }, { message: { chat: {} } }];
  for (const body of bodies) expect((await bot.post(JSON.stringify(body))).status).toBe(204);
  await bot.ring();
  expect(bot.telegram.calls).toEqual([]);
});

test("403 without the bot's own secret, before the body is read", async () => {
  const bot = await startBot();
  const other = await telegramSecret(bot.telegram.token, "OtherBot");
  const cut = bot.secret.slice(0, -1);
  for (const secret of [null, "", "x", cut, `${bot.secret}x`, other]) {
    const problem = await readProblem(await bot.post("not JSON", secret));
    expect([problem.status, problem.code]).toEqual([403, "signature_invalid"]);
  }
  expect((await bot.post("not JSON", bot.secret, "OtherBot")).status).toBe(403);
});

test("404 without a bot, or for a name that none can have", async () => {
  const bot = await startBot();
  expect((await bot.post("{}", bot.secret, "no bot!")).status).toBe(404);
  const { fetch } = startApp();
  expect((await fetch("/hooks/telegram/NamesightBot", { method: "POST", body: "{}" })).status).toBe(404);
});

test.each([
  ["no JSON", "{", 400, "invalid_json"],
  ["no object", "[]", 422, "invalid_request"],
  ["no UTF-8", new Uint8Array([0xff]), 400, "invalid_json"],
  ["too large", `"${"x".repeat(LIMITS.callbackBytes)}"`, 413, "body_too_large"],
])("a body that is %s is refused", async (_, body, status, code) => {
  const bot = await startBot();
  const problem = await readProblem(await bot.post(body));
  expect([problem.status, problem.code]).toEqual([status, code]);
});

test("503 when the chat cannot store the message, so that Telegram sends it again", async () => {
  const { telegram, secret, update, photo } = await startBot();
  const chats = { CHATS: { getByName: () => ({ receive: async () => Promise.reject(new Error("down")) }) } };
  const variables = { TELEGRAM_TOKEN: telegram.token, ...chats };
  const { fetch } = startApp(undefined, {}, variables);
  const response = await fetch("/hooks/telegram/NamesightBot", {
    method: "POST",
    headers: { "x-telegram-bot-api-secret-token": secret },
    body: JSON.stringify(update(await photo())),
  });
  expect([(await readProblem(response)).code, response.headers.get("retry-after")]).toEqual(["job_unavailable", "1"]);
});
