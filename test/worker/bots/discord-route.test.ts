import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { fill, sentencesOf } from "../../../src/bots/sentences.ts";
import {
  APPLICATION,
  attachment,
  createDiscordKeys,
  findIn,
  type Interaction,
  PING,
  recognize,
  slash,
} from "../../support/bots/discord-interactions.ts";
import { readProblem, startApp, TEXT } from "../harness.ts";
import { startDiscordBot } from "./discord-harness.ts";

const EN = sentencesOf("en");
const privacyIn = (language: string) => fill(sentencesOf(language).privacy, { forget: "/forget" });
const never = () => new Promise<never>(() => undefined);
const DEFERRED = { status: 200, type: 5 };
const ANSWER = [
  "**Eileen Collins** (person): in the picture",
  "**Felix** (other): cannot tell",
  "**Houston** (place): not in the picture",
].join("\n");
const told = (content: string) => ({
  ...{ status: 200, type: 4 },
  data: { content, flags: 64, allowed_mentions: { parse: [] } },
});

test("a deferred response in less than a second while every model hangs, before Discord is called", async () => {
  const bot = startDiscordBot({ fetch: never });
  // The test's own compiler takes its time with code that is loaded when it is first needed.
  await bot.send(recognize(bot.id(), TEXT, await bot.picture()));
  const interaction = recognize(bot.id(), TEXT, await bot.picture());
  const began = performance.now();
  expect(await bot.send(interaction)).toEqual(DEFERRED);
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(bot.discord.calls).toEqual([]);
  expect(bot.alarm()).toBeLessThanOrEqual(Date.now());
});

test("a post becomes the picture with its names, in the place of the response, and nothing of it stays", async () => {
  const bot = startDiscordBot();
  const interaction = recognize(bot.id(), TEXT, await bot.picture());
  // Twice at the same time, and again while and after it is worked on.
  expect(await Promise.all([bot.send(interaction), bot.send(interaction)])).toEqual([DEFERRED, DEFERRED]);
  await bot.ring();
  await bot.ring();
  const [job, ...others] = bot.jobs();
  expect(others).toEqual([]);
  await bot.send(interaction);
  bot.kill();
  await bot.runJob(job ?? "");
  bot.kill();
  await bot.ring();
  expect(bot.shown()).toEqual([ANSWER]);
  const [shown] = [...bot.discord.shown.values()];
  expect([...(shown?.pictures[0] ?? []).slice(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  expect(await bot.send(interaction)).toEqual(DEFERRED);
  await bot.ring();
  expect(bot.discord.calls).toEqual([`PATCH /webhooks/${APPLICATION}/TOKEN/messages/@original`]);
  expect(await bot.rows("messages")).toEqual([]);
  await bot.runJob(job ?? "");
  for (const bucket of [env.MASKS, env.PICTURES]) expect((await bucket.list()).objects).toEqual([]);
});

test("a message with two pictures is answered with both, behind a lost reply and a wait that Discord asks for", async () => {
  const bot = startDiscordBot();
  const attachments = [
    await bot.picture("one"),
    await bot.picture("two"),
    attachment("https://a.test/a.txt", 1, "x/y"),
  ];
  expect(await bot.send(findIn(bot.id(), { content: TEXT, attachments }))).toEqual(DEFERRED);
  await bot.ring();
  await bot.ring();
  for (const job of bot.jobs()) await bot.runJob(job);
  bot.discord.faults.push("lost", "429");
  await bot.ring();
  bot.pass(5_000);
  bot.kill();
  await bot.ring();
  bot.pass(2_000);
  await bot.ring();
  expect(bot.discord.calls.filter((call) => call.startsWith("PATCH"))).toHaveLength(2);
  bot.pass(2_000);
  await bot.ring();
  expect(bot.shown()).toEqual([`**Picture 1**\n${ANSWER}\n**Picture 2**\n${ANSWER}`, ""]);
  expect([...bot.discord.shown.values()].map(({ pictures }) => pictures.length)).toEqual([1, 1]);
});

test("an answer that is there after 15 minutes is a message of the bot that replies to the post, once", async () => {
  const bot = startDiscordBot();
  await bot.send(findIn(bot.id(), { content: TEXT, attachments: [await bot.picture()] }));
  await bot.ring();
  await bot.ring();
  for (const job of bot.jobs()) await bot.runJob(job);
  bot.pass(15 * 60_000);
  bot.discord.faults.push("lost");
  await bot.ring();
  bot.kill();
  bot.pass(10_000);
  await bot.ring();
  const [waiting, late, ...others] = [...bot.discord.shown.values()];
  expect([waiting?.content, late?.content, late?.replyTo, late?.pictures.length, others]).toEqual([
    ...["is thinking …", ANSWER, "700", 1, []],
  ]);
  expect(await bot.rows("messages")).toEqual([]);
});

test("an interaction that Discord does not know ends, with all that was kept for it", async () => {
  const bot = startDiscordBot();
  await bot.send(recognize(bot.id(), TEXT, await bot.picture()));
  await bot.ring();
  await bot.ring();
  for (const job of bot.jobs()) await bot.runJob(job);
  bot.pass(60_000);
  bot.discord.faults.push("404", "404");
  await bot.ring();
  expect(bot.shown()).toEqual(["is thinking …"]);
  expect(await bot.rows("messages")).toEqual([]);
});

test("/forget deletes what waits, which only who has asked is told", async () => {
  const bot = startDiscordBot({ fetch: never });
  await bot.send(recognize(bot.id(), TEXT, await bot.picture()));
  await bot.ring();
  expect(await bot.send(slash(bot.id(), "forget"))).toEqual({ ...DEFERRED, data: { flags: 64 } });
  await bot.ring();
  await bot.ring();
  expect(bot.shown()).toEqual([EN.forgotten, EN.forgotten]);
});

test.each<[string, (id: string) => Interaction, string]>([
  ["/help", (id) => slash(id, "help"), EN.discord.help],
  ["a command of another version", (id) => slash(id, "old"), EN.discord.help],
  ["/privacy", (id) => slash(id, "privacy"), privacyIn("en")],
  ["/privacy in German", (id) => slash(id, "privacy", { locale: "de" }), privacyIn("de")],
  [
    "a file that is no picture",
    (id) => recognize(id, TEXT, attachment("https://a.test/a", 1, "text/plain")),
    EN.notAPicture,
  ],
  ["a text of spaces", (id) => recognize(id, "  ", attachment("https://a.test/a", 1)), EN.discord.noText],
  ["a message without a picture", (id) => findIn(id, { content: TEXT, attachments: [] }), EN.discord.noPicture],
  [
    "a picture that is too large",
    (id) => recognize(id, TEXT, attachment("https://a.test/a", LIMITS.uploadBytes + 1)),
    "The picture has more than 10 MB.",
  ],
])("%s is answered at once, to who has asked alone, and no chat is asked", async (_, interaction, sentence) => {
  const bot = startDiscordBot();
  expect(await bot.send(interaction(bot.id()))).toEqual(told(sentence));
  expect(bot.alarm()).toBeNull();
});

test("a ping is answered with a pong", async () => {
  const bot = startDiscordBot();
  expect(await bot.send(PING as never)).toEqual({ status: 200, type: 1 });
});

test("401 for what Discord has not signed, or long ago", async () => {
  const bot = startDiscordBot();
  const body = JSON.stringify(PING);
  const good = await bot.sign(body);
  const now = Number(good["x-signature-timestamp"]);
  const signature = good["x-signature-ed25519"] ?? "";
  const without = (name: string) => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));
  const forged: Array<[string, Record<string, string>]> = [
    [`${body} `, good],
    [body, without("x-signature-ed25519")],
    [body, without("x-signature-timestamp")],
    [body, { ...good, "x-signature-timestamp": String(now + 1) }],
    [body, { ...good, "x-signature-ed25519": signature.replace(/^../, (two) => (two === "00" ? "01" : "00")) }],
    [body, { ...good, "x-signature-ed25519": "zz".repeat(64) }],
    [body, { ...good, "x-signature-ed25519": signature.slice(2) }],
    [body, await bot.sign(body, now - 301)],
    [body, await bot.sign(body, now + 302)],
    [body, await bot.sign(body, now, await createDiscordKeys())],
  ];
  for (const [sent, headers] of forged) {
    const problem = await readProblem(await bot.post(sent, headers));
    expect([problem.status, problem.code]).toEqual([401, "interaction_signature_invalid"]);
  }
  expect((await bot.post(body, good)).status).toBe(200);
});

test.each([
  ["no JSON", "{", 400, "invalid_json"],
  ["no object", "[]", 422, "invalid_request"],
  ["no command", '{"type":3}', 422, "invalid_request"],
  ["too large", `"${"x".repeat(LIMITS.callbackBytes)}"`, 413, "body_too_large"],
])("a body that is %s is refused", async (_, body, status, code) => {
  const bot = startDiscordBot();
  const problem = await readProblem(await bot.post(body, await bot.sign(body)));
  expect([problem.status, problem.code]).toEqual([status, code]);
});

test("404 without a bot", async () => {
  const { fetch } = startApp();
  const problem = await readProblem(await fetch("/hooks/discord", { method: "POST", body: "{}" }));
  expect([problem.status, problem.code]).toEqual([404, "not_found"]);
});

test("who has asked is told when the chat cannot store the message", async () => {
  const { discord, sign, id, clock } = startDiscordBot();
  const chats = { CHATS: { getByName: () => ({ receive: async () => Promise.reject(new Error("down")) }) } };
  const variables = { DISCORD_PUBLIC_KEY: discord.publicKey, DISCORD_APPLICATION_ID: APPLICATION, ...chats };
  const { fetch } = startApp(undefined, { clock }, variables);
  const body = JSON.stringify(recognize(id(), TEXT, attachment("https://a.test/a", 1)));
  const response = await fetch("/hooks/discord", { method: "POST", headers: await sign(body), body });
  expect({ status: response.status, ...((await response.json()) as object) }).toEqual(told(EN.failed));
});
