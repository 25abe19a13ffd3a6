import { expect, test } from "vitest";
import { readBots } from "../../../src/bots/settings.ts";

const TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11";
const SLACK = { SLACK_TOKEN: "xoxb-1111-2222-token", SLACK_SIGNING_SECRET: "8f742231b10e8888abcd99eee5f6a7b8" };
const read = (variables: Record<string, string>, needsKeys = false) =>
  readBots((name) => variables[name] ?? "", needsKeys, {
    fetch: async () => new Response(),
    sleep: async () => undefined,
    timer: () => AbortSignal.abort(),
  });

test("there is no bot without a token", async () => {
  const { faults, telegramToken, platformOf } = read({});
  expect([faults, telegramToken, await platformOf("telegram/bot/1")]).toEqual([[], null, null]);
});

test("a token alone makes a bot of Telegram, and of nothing else", async () => {
  const { faults, telegramToken, platformOf, botAccount } = read({ TELEGRAM_TOKEN: TOKEN });
  expect([faults, telegramToken, botAccount]).toEqual([[], TOKEN, { name: null, dailyLimit: null }]);
  expect(await platformOf("telegram/bot/1")).not.toBeNull();
  expect(await platformOf("discord/bot/1")).toBeNull();
});

test("a token and a signing secret make a bot of Slack", async () => {
  const { faults, slackSigningSecret, telegramToken, platformOf } = read(SLACK);
  expect([faults, slackSigningSecret, telegramToken]).toEqual([[], SLACK.SLACK_SIGNING_SECRET, null]);
  expect((await platformOf("slack/C0CHANNEL"))?.constructor.name).toBe("Slack");
  expect(await platformOf("telegram/bot/1")).toBeNull();
});

test("where accounts pay, the bot has one, and a chat a limit in nano-dollars", () => {
  const paid = { TELEGRAM_TOKEN: TOKEN, BOT_ACCOUNT: "bots", BOT_CHAT_DAILY_USD: "0.5" };
  expect(read(paid, true)).toMatchObject({ faults: [], botAccount: { name: "bots", dailyLimit: 500_000_000 } });
});

test.each([
  ["TELEGRAM_TOKEN", { TELEGRAM_TOKEN: "x" }],
  ["TELEGRAM_API", { TELEGRAM_TOKEN: TOKEN, TELEGRAM_API: "telegram" }],
  ["TELEGRAM_API", { TELEGRAM_TOKEN: TOKEN, TELEGRAM_API: "http://example.com" }],
  ["BOT_CHAT_DAILY_USD", { TELEGRAM_TOKEN: TOKEN, BOT_ACCOUNT: "bots", BOT_CHAT_DAILY_USD: "much" }],
  ["BOT_ACCOUNT", { TELEGRAM_TOKEN: TOKEN }],
  ["BOT_ACCOUNT", SLACK],
  ["SLACK_TOKEN", { ...SLACK, SLACK_TOKEN: "xoxp-1111-2222-token" }],
  ["SLACK_TOKEN and SLACK_SIGNING_SECRET", { SLACK_TOKEN: SLACK.SLACK_TOKEN }],
  ["SLACK_SIGNING_SECRET", { ...SLACK, SLACK_SIGNING_SECRET: "x" }],
  ["SLACK_API", { ...SLACK, SLACK_API: "http://example.com/api" }],
])("a fault names %s, and there is no bot", (name, variables) => {
  const { faults, telegramToken, slackSigningSecret } = read(variables, true);
  expect(faults.some((fault) => fault.startsWith(name))).toBe(true);
  expect([telegramToken, slackSigningSecret]).toEqual([null, null]);
});
