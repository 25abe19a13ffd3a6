import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { sentencesOf } from "../../../src/bots/sentences.ts";
import { BOT, formOf, mention, shortcut, signedHeaders } from "../../support/bots/slack-deliveries.ts";
import { readProblem, startApp, TEXT } from "../harness.ts";
import { startSlack } from "./slack-harness.ts";

const EN = sentencesOf("en");
const never = () => new Promise<never>(() => undefined);
const ANSWER = [
  "*Eileen Collins* (person): in the picture",
  "*Felix* (other): cannot tell",
  "*Houston* (place): not in the picture",
].join("\n");
const FORM = "application/x-www-form-urlencoded";
const ROOT = "1700000050.000100";

test("200 in less than a second while every model hangs and Slack is down, and the placeholder comes later", async () => {
  const bot = startSlack({ fetch: never });
  // The test's own compiler takes its time with code that is loaded when it is first needed.
  await bot.post(JSON.stringify(mention("help", { channel: bot.channel, ts: "1700000099.000100" })));
  for (const _ of [1, 2]) await bot.ring();
  bot.workspace.calls.splice(0);
  bot.workspace.shown.clear();
  const body = JSON.stringify(mention(`<@${BOT}> ${TEXT}`, { channel: bot.channel, files: [await bot.picture()] }));
  bot.workspace.posts.set("1700000100.000200", { text: TEXT });
  bot.workspace.faults.push("cut");
  const began = performance.now();
  const response = await bot.post(body);
  expect([response.status, await response.json()]).toEqual([200, {}]);
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(bot.workspace.calls).toEqual([]);
  expect(bot.alarm()).toBeLessThanOrEqual(Date.now());
  await bot.ring();
  expect(bot.shown()).toEqual([]);
  bot.pass(10_000);
  await bot.ring();
  await bot.ring();
  expect(bot.workspace.calls.slice(0, 3)).toEqual(["chat.postMessage", "conversations.replies", "chat.postMessage"]);
  expect(bot.shown()).toEqual([EN.looking]);
});

// Drawing is loaded and compiled by the first answer that has a picture.
test("a post becomes its names and the picture, in the place of the placeholder, and nothing of it stays", async () => {
  const bot = startSlack();
  const body = JSON.stringify(mention(`<@${BOT}> ${TEXT}`, { channel: bot.channel, files: [await bot.picture()] }));
  // Delivered twice at once, and again while and after it is worked on.
  await Promise.all([bot.post(body), bot.post(body, { "x-slack-retry-num": "1" })]);
  await bot.ring();
  expect(bot.shown()).toEqual([EN.looking]);
  await bot.ring();
  const [job, ...others] = bot.jobs();
  expect(others).toEqual([]);
  await bot.post(body, { "x-slack-retry-num": "2", "x-slack-retry-reason": "http_timeout" });
  bot.kill();
  await bot.runJob(job ?? "");
  bot.kill();
  await bot.ring();
  expect(bot.shown()).toEqual([ANSWER]);
  const [shown] = [...bot.workspace.shown.values()];
  expect(shown?.thread).toBe("1700000100.000200");
  expect(shown?.pictures.map((picture) => [...picture.slice(0, 4)])).toEqual([[0x89, 0x50, 0x4e, 0x47]]);
  await bot.post(body, { "x-slack-retry-num": "3" });
  await bot.ring();
  expect(bot.shown()).toEqual([ANSWER]);
  expect(await bot.rows("messages")).toEqual([]);
  await bot.runJob(job ?? "");
  for (const bucket of [env.MASKS, env.PICTURES]) expect((await bucket.list()).objects).toEqual([]);
}, 60_000);

test("a placeholder whose reply got lost becomes the answer, also after a kill: there is no second one", async () => {
  const bot = startSlack();
  bot.workspace.posts.set("1700000100.000200", { text: TEXT });
  bot.workspace.faults.push("lost");
  await bot.post(JSON.stringify(mention(`<@${BOT}> ${TEXT}`, { channel: bot.channel, files: [await bot.picture()] })));
  await bot.ring();
  bot.kill();
  bot.pass(10_000);
  for (const _ of [1, 2]) await bot.ring();
  for (const job of bot.jobs()) await bot.runJob(job);
  bot.kill();
  await bot.ring();
  expect(bot.shown()).toEqual([ANSWER]);
});

test("a mention in a thread and the shortcut, in any order, are answered in the thread, each with the post", async () => {
  const bot = startSlack();
  const post = { text: TEXT, files: [await bot.picture()] };
  bot.workspace.posts.set(ROOT, post);
  const asked = JSON.stringify(mention(`<@${BOT}> who is it?`, { channel: bot.channel, thread_ts: ROOT }));
  const chosen = formOf(shortcut({ ...post, ts: ROOT }, { channel: { id: bot.channel, name: "news" } }));
  expect((await bot.post(chosen, {}, FORM)).status).toBe(200);
  expect((await bot.post(asked)).status).toBe(200);
  for (const _ of [1, 2]) await bot.ring();
  for (const job of bot.jobs()) await bot.runJob(job);
  await bot.ring();
  // An isolate draws one picture at a time.
  bot.pass(10_000);
  await bot.ring();
  expect(bot.shown()).toEqual([ANSWER, ANSWER]);
  expect([...bot.workspace.shown.values()].map(({ thread }) => thread)).toEqual([ROOT, ROOT]);
});

test("words alone are commands, and a message without a picture says what is missing", async () => {
  const bot = startSlack();
  for (const [index, text] of ["help", "privacy", "Felix sleeps"].entries()) {
    const more = { channel: bot.channel, ts: `170000010${index}.000200` };
    await bot.post(JSON.stringify(mention(`<@${BOT}> ${text}`, more)));
  }
  for (const _ of [1, 2]) await bot.ring();
  const [help, privacy, missing] = bot.shown();
  expect(help).toContain("In a group, ask with my name.");
  expect(privacy).toContain('The word "forget" deletes');
  expect(missing).toBe(EN.noPicture);
});

test("an address is verified by what Slack sends", async () => {
  const bot = startSlack();
  const response = await bot.post(JSON.stringify({ token: "x", challenge: "3eZbrw1a", type: "url_verification" }));
  expect([response.status, await response.json()]).toEqual([200, { challenge: "3eZbrw1a" }]);
});

test("what no bot has to answer gets 200, and no chat is asked", async () => {
  const bot = startSlack();
  const deliveries = [{}, mention("x", { channel: bot.channel, bot_id: "B1" }), { type: "event_callback", event: 7 }];
  for (const delivery of deliveries) expect((await bot.post(JSON.stringify(delivery))).status).toBe(200);
  await bot.ring();
  expect([bot.alarm(), bot.workspace.calls]).toEqual([null, []]);
});

test("401 for a delivery that is late, tampered with, or not signed", async () => {
  const bot = startSlack();
  const body = JSON.stringify(mention("x"));
  const late = await signedHeaders(bot.workspace.signingSecret, body, Math.floor(Date.now() / 1000) - 301);
  const other = await signedHeaders("8f742231b10e8888abcd99yyyzzz85a5", body, Math.floor(Date.now() / 1000));
  for (const headers of [late, other, { "x-slack-signature": "" }, { "x-slack-request-timestamp": "" }]) {
    const problem = await readProblem(await bot.post(body, headers));
    expect([problem.status, problem.code]).toEqual([401, "interaction_signature_invalid"]);
  }
  const signed = await signedHeaders(bot.workspace.signingSecret, body, Math.floor(Date.now() / 1000));
  expect((await bot.post(`${body} `, signed)).status).toBe(401);
});

test("404 without a bot", async () => {
  const { fetch } = startApp();
  expect((await fetch("/hooks/slack", { method: "POST", body: "{}" })).status).toBe(404);
});

test.each([
  ["no JSON", "{", "application/json", 400, "invalid_json"],
  ["no object", "[]", "application/json", 422, "invalid_request"],
  ["a form without a payload", "ssl_check=1", FORM, 400, "invalid_json"],
  ["too large", `"${"x".repeat(LIMITS.callbackBytes)}"`, "application/json", 413, "body_too_large"],
])("a signed body that is %s is refused", async (_, body, type, status, code) => {
  const problem = await readProblem(await startSlack().post(body, {}, type));
  expect([problem.status, problem.code]).toEqual([status, code]);
});

test("503 when the chat cannot store the message, so that Slack sends it again", async () => {
  const { workspace } = startSlack();
  const chats = { CHATS: { getByName: () => ({ receive: async () => Promise.reject(new Error("down")) }) } };
  const variables = { SLACK_TOKEN: workspace.token, SLACK_SIGNING_SECRET: workspace.signingSecret, ...chats };
  const { fetch } = startApp(undefined, { clock: Date.now }, variables);
  const body = JSON.stringify(mention(`<@${BOT}> help`));
  const headers = await signedHeaders(workspace.signingSecret, body, Math.floor(Date.now() / 1000));
  const response = await fetch("/hooks/slack", { method: "POST", headers, body });
  expect([(await readProblem(response)).code, response.headers.get("retry-after")]).toEqual(["job_unavailable", "1"]);
});
