import { Api } from "grammy";
import { expect, test } from "vitest";
import { pollTelegram } from "../../../../scripts/bots/poll-telegram.ts";
import { TelegramChat } from "../../../support/bots/telegram-chat.ts";
import { telegramFetch } from "../../../support/bots/telegram-fetch.ts";

test("each update is given to the webhook until it takes it, and polls go on after one that failed", async () => {
  const chat = new TelegramChat();
  const send = telegramFetch(chat);
  const end = new AbortController();
  const api = new Api(chat.token, {
    apiRoot: "https://telegram.test",
    fetch: (async (url: string, init: RequestInit) => send(new URL(url), init)) as never,
  });
  chat.updates = [1, 2, 3].map((update_id) => ({ update_id }) as never);
  chat.faults.push("500");
  const given: number[] = [];
  const post = async (update: object) => {
    const { update_id: id } = update as { update_id: number };
    given.push(id);
    const isTaken = id !== 2 || given.filter((one) => one === 2).length > 1;
    if (given.length === 4) end.abort();
    return new Response(null, { status: isTaken ? 204 : 503 });
  };
  const rests: number[] = [];
  await pollTelegram(api, post, end.signal, async (milliseconds) => void rests.push(milliseconds));
  expect(given).toEqual([1, 2, 2, 3]);
  expect(rests).toEqual([2_000, 2_000]);
});
