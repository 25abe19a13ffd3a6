import { expect, test } from "vitest";
import { readBots } from "../../../src/bots/settings.ts";

const TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11";
const SLACK = { SLACK_TOKEN: "xoxb-1111-2222-token", SLACK_SIGNING_SECRET: "8f742231b10e8888abcd99eee5f6a7b8" };
const DISCORD = { DISCORD_PUBLIC_KEY: "0a".repeat(32), DISCORD_APPLICATION_ID: "845027738276462632" };
const DISCORD_TOKEN = "test-token-of-the-bot.of-no.application-at-all";
const WORLD = {
  ...{ clock: () => 0, timer: () => AbortSignal.abort(), sleep: async () => undefined },
  fetch: async () => new Response(),
};
const read = (variables: Record<string, string>, needsKeys = false) =>
  readBots((name) => variables[name] ?? "", needsKeys, WORLD);

test("there is no bot without a token", async () => {
  const { faults, telegramToken, discord, slackSigningSecret, platformOf } = read({});
  expect([faults, telegramToken, discord, slackSigningSecret]).toEqual([[], null, null, null]);
  for (const chat of ["telegram/bot/1", "discord/1/1", "slack/C0CHANNEL"]) expect(await platformOf(chat)).toBeNull();
});

test("a token alone makes a bot of Telegram, and of nothing else", async () => {
  const { faults, telegramToken, platformOf, botAccount } = read({ TELEGRAM_TOKEN: TOKEN });
  expect([faults, telegramToken, botAccount]).toEqual([[], TOKEN, { name: null, dailyLimit: null }]);
  expect(await platformOf("telegram/bot/1")).not.toBeNull();
  expect(await platformOf("discord/bot/1")).toBeNull();
});

test("an application's id and key make a bot of Discord, whose token can be left out", async () => {
  const { faults, telegramToken, discord, platformOf } = read(DISCORD);
  expect([faults, telegramToken]).toEqual([[], null]);
  expect(discord).toEqual({
    publicKey: DISCORD.DISCORD_PUBLIC_KEY,
    application: DISCORD.DISCORD_APPLICATION_ID,
    token: null,
    apiRoot: "https://discord.com/api/v10",
  });
  expect(await platformOf("discord/1/1")).not.toBeNull();
  expect(await platformOf("telegram/bot/1")).toBeNull();
  const local = { ...DISCORD, DISCORD_TOKEN, DISCORD_API: "http://127.0.0.1:9/api/v10/" };
  expect(read(local).discord).toMatchObject({ token: DISCORD_TOKEN, apiRoot: "http://127.0.0.1:9/api/v10" });
});

test("attachments on this machine are for a Discord on this machine alone", async () => {
  const asked: string[] = [];
  const pictureOf = async (api: string) => {
    const variables: Record<string, string> = { ...DISCORD, DISCORD_API: api };
    const answer = async (url: URL) => {
      asked.push(url.href);
      return new Response("x");
    };
    const { platformOf } = readBots((name) => variables[name] ?? "", false, { ...WORLD, fetch: answer });
    const platform = await platformOf("discord/1/1");
    const signal = new AbortController().signal;
    return platform?.picture({ id: "http://127.0.0.1:9/attachments/1", bytes: 1 }, signal);
  };
  expect(await pictureOf("http://127.0.0.1:9")).toHaveLength(1);
  await expect(pictureOf("https://discord.com")).rejects.toThrow("is not https");
  await expect(pictureOf("http://127.0.0.1:8")).rejects.toThrow("is not https");
  expect(asked).toHaveLength(1);
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
  ["BOT_ACCOUNT", DISCORD],
  ["DISCORD_PUBLIC_KEY", { ...DISCORD, DISCORD_PUBLIC_KEY: "x" }],
  ["DISCORD_PUBLIC_KEY and DISCORD_APPLICATION_ID", { ...DISCORD, DISCORD_PUBLIC_KEY: "" }],
  ["DISCORD_APPLICATION_ID", { ...DISCORD, DISCORD_APPLICATION_ID: "x" }],
  ["DISCORD_TOKEN", { ...DISCORD, DISCORD_TOKEN: "x" }],
  ["DISCORD_API", { ...DISCORD, DISCORD_API: "http://example.com" }],
  ["BOT_ACCOUNT", SLACK],
  ["SLACK_TOKEN", { ...SLACK, SLACK_TOKEN: "xoxp-1111-2222-token" }],
  ["SLACK_TOKEN and SLACK_SIGNING_SECRET", { SLACK_TOKEN: SLACK.SLACK_TOKEN }],
  ["SLACK_SIGNING_SECRET", { ...SLACK, SLACK_SIGNING_SECRET: "x" }],
  ["SLACK_API", { ...SLACK, SLACK_API: "http://example.com/api" }],
])("a fault names %s, and there is no bot", (name, variables) => {
  const { faults, telegramToken, discord, slackSigningSecret } = read(variables, true);
  expect(faults.some((fault) => fault.startsWith(name))).toBe(true);
  expect([telegramToken, discord, slackSigningSecret]).toEqual([null, null, null]);
});
