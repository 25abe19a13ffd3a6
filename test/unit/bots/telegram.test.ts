import { afterAll, describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import type { BotMessage } from "../../../src/bots/platform.ts";
import { Telegram } from "../../../src/bots/telegram.ts";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import { TelegramChat } from "../../support/bots/telegram-chat.ts";
import { serveTelegram } from "../../support/bots/telegram-server.ts";
import { PNG } from "../../support/bots/test-chat.ts";

const chat = new TelegramChat();
const { url, server } = await serveTelegram(chat);
afterAll(() => void server.close());
// Over a socket: grammY and the form that it sends are those of the product.
const telegram = new Telegram({ token: chat.token, apiRoot: url, fetch: createProviderFetch(new Set([url])) });
const MESSAGE = { place: { chat: 42, message: 7 } } as unknown as BotMessage;
const TEXT = { text: "Zoë 😀 sleeps", names: [{ start: 0, end: 6 }] };
const answer = (pictures: Uint8Array<ArrayBuffer>[] = []) => ({ text: TEXT, pictures });
const now = () => AbortSignal.timeout(5_000);

test("what is said replies to the message, and the answer takes its place with bold names", async () => {
  const said = await telegram.say(MESSAGE, "Looking …");
  expect(chat.shown.get(Number(said))).toEqual({ text: "Looking …", entities: [], photo: null, replyTo: 7 });
  await telegram.answer(MESSAGE, said, answer([PNG]));
  expect(chat.shown.get(Number(said))).toEqual({
    text: TEXT.text,
    entities: [{ type: "bold", offset: 0, length: 6 }],
    photo: new Uint8Array(PNG),
    replyTo: 7,
  });
});

test("an answer that is put there again changes nothing, and fails nothing", async () => {
  const said = await telegram.say(MESSAGE, "Looking …");
  await telegram.answer(MESSAGE, said, answer());
  await telegram.answer(MESSAGE, said, answer());
  expect(chat.shown.get(Number(said))?.text).toBe(TEXT.text);
});

test("further pictures are sent as one group, or as one photo", async () => {
  await telegram.sendMore(MESSAGE, [PNG]);
  await telegram.sendMore(MESSAGE, [PNG, PNG]);
  expect(chat.calls.slice(-2)).toEqual(["sendPhoto", "sendMediaGroup"]);
  expect([...chat.shown.values()].slice(-3).every(({ photo }) => photo?.length === PNG.length)).toBe(true);
});

describe("a picture", () => {
  test("is had by its id", async () => {
    chat.files.set("small", PNG);
    expect(await telegram.picture({ id: "small", bytes: null }, now())).toEqual(new Uint8Array(PNG));
  });

  test.each([
    ["for the bot", LIMITS.uploadBytes + 1],
    ["for the Bot API", 20 * 1024 * 1024 + 1],
  ])("that is too large %s is named as such", async (_, bytes) => {
    chat.files.set("large", new Uint8Array(bytes));
    const read = telegram.picture({ id: "large", bytes: null }, now());
    await expect(read).rejects.toMatchObject({ name: "GuardError", code: "url_too_large" });
  });

  test("that Telegram does not have is not asked for again", async () => {
    const read = telegram.picture({ id: "none", bytes: null }, now());
    await expect(read).rejects.toMatchObject({ name: "PlatformError", retryMs: null, isRefused: true });
  });
});

test.each([
  ["429", { retryMs: 3_000, isRefused: true }],
  ["500", { retryMs: 5_000, isRefused: true }],
  ["403", { retryMs: null, isRefused: true }],
  ["lost", { retryMs: 5_000, isRefused: false }],
  ["cut", { retryMs: 5_000, isRefused: false }],
] as const)("after the fault %s it says whether to try again, and nothing of the token", async (fault, expected) => {
  chat.faults.push(fault);
  const error = await telegram.say(MESSAGE, "x").catch((one: Error) => one);
  expect(error).toMatchObject({ name: "PlatformError", ...expected });
  expect(String((error as Error).message)).not.toContain(chat.token);
});
