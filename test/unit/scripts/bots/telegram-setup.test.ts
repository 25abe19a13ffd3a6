import { Api } from "grammy";
import { expect, test } from "vitest";
import { toOutcome } from "../../../../scripts/bots/findings.ts";
import { checkTelegram, setUpTelegram, type TelegramSetup } from "../../../../scripts/bots/telegram-setup.ts";
import { telegramSecret } from "../../../../src/bots/telegram-secret.ts";
import { TelegramChat } from "../../../support/bots/telegram-chat.ts";
import { telegramFetch } from "../../../support/bots/telegram-fetch.ts";

const URL_ = "https://namesight.test";
const HOOK = `${URL_}/hooks/telegram/NamesightBot`;

function setup(chat: TelegramChat, more: Partial<TelegramSetup> = {}) {
  const send = telegramFetch(chat);
  const asked: Request[] = [];
  const api = new Api(chat.token, {
    apiRoot: "https://telegram.test",
    fetch: (async (url: string, init: RequestInit) => send(new URL(url), init)) as never,
  });
  const given: TelegramSetup = {
    token: chat.token,
    apiRoot: "https://telegram.test",
    address: URL_,
    environment: "production",
    api,
    fetch: async (request) => {
      asked.push(request);
      return new Response(null, { status: 204 });
    },
    ...more,
  };
  return { given, asked };
}

test("setup tells Telegram the address, the secret and the commands of each language; check then finds nothing", async () => {
  const chat = new TelegramChat();
  const { given, asked } = setup(chat);
  expect((await checkTelegram(given)).next).toBe(
    "Telegram sends updates nowhere: run npm run bots -- setup telegram --env production",
  );
  expect((await setUpTelegram(given)).next).toBeNull();
  const secret = await telegramSecret(chat.token, chat.bot);
  expect(chat.webhook).toMatchObject({ url: HOOK, secret, allowed_updates: ["message"] });
  expect(asked.map(({ url, headers }) => [url, headers.get("x-telegram-bot-api-secret-token")])[0]).toEqual([
    HOOK,
    secret,
  ]);
  expect(chat.commands).toHaveLength(6);
  expect(chat.commands[2]).toMatchObject({ language_code: "de", commands: [{ command: "find" }, {}, {}, {}] });
  const found = await checkTelegram(given);
  expect(found.next).toBeNull();
  expect(toOutcome(found)).toMatchObject({ failed: false, text: expect.stringContaining("write to the bot") });
});

test.each<[string, Partial<TelegramSetup>, RegExp]>([
  ["no token", { token: "" }, /^TELEGRAM_TOKEN is not set: write \/newbot to @BotFather/],
  ["something else", { token: "x" }, /^TELEGRAM_TOKEN is not a bot's token/],
  ["no address", { address: "" }, /^Telegram needs an https address/],
  ["this machine", { address: "http://127.0.0.1:8787" }, /npm run bots -- run telegram/],
  ["the example's address", { address: "https://namesight.example" }, /^Telegram needs an https address/],
  ["a deployment that is away", { fetch: () => Promise.reject(new TypeError()) }, /does not answer: deploy it/],
  [
    "a deployment without a bot",
    { fetch: statusOf(404) },
    /has no bot: run npx wrangler secret put TELEGRAM_TOKEN --env/,
  ],
  [
    "a deployment with another bot",
    { fetch: statusOf(403) },
    /has another TELEGRAM_TOKEN: run npx wrangler secret put/,
  ],
  ["a deployment with a fault", { fetch: statusOf(500) }, /answers 500 to an update: https:\/\/namesight.test\/health/],
])("check and setup name the next step with %s", async (_, more, next) => {
  const chat = new TelegramChat();
  for (const command of [checkTelegram, setUpTelegram]) {
    expect((await command(setup(chat, more).given)).next).toMatch(next);
  }
  expect(chat.webhook.url).toBe("");
});

test("check names what Telegram says of the token, and of an address that fails", async () => {
  const chat = new TelegramChat();
  const { given } = setup(chat);
  chat.faults.push("403");
  expect((await checkTelegram(given)).next).toMatch(/^Telegram refuses TELEGRAM_TOKEN \(Forbidden: /);
  chat.webhook = { ...chat.webhook, url: HOOK, pending_update_count: 2, last_error_message: "Connection refused" };
  expect((await checkTelegram(given)).next).toMatch(/^2 updates wait, because of: Connection refused\./);
});

function statusOf(status: number): TelegramSetup["fetch"] {
  return async () => new Response(null, { status });
}
