import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { Discord } from "../../../src/bots/discord.ts";
import type { BotMessage } from "../../../src/bots/platform.ts";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import { NOON } from "../../support/accounts/account.ts";
import { DiscordChat } from "../../support/bots/discord-chat.ts";
import { APPLICATION, snowflake } from "../../support/bots/discord-interactions.ts";
import { serveDiscord } from "../../support/bots/discord-server.ts";
import { PNG } from "../../support/bots/test-chat.ts";

const MINUTE_MS = 60_000;
let now = NOON;
const chat = new DiscordChat(() => now);
// Over a socket: the form that is sent is that of the product.
const { url, server } = await serveDiscord(chat);
afterAll(() => void server.close());
const network = {
  fetch: createProviderFetch(new Set([url])),
  fetchPublic: (address: URL, init: RequestInit) => fetch(address, init),
  allowedOrigins: new Set([url]),
  clock: () => now,
};
const settings = { application: APPLICATION, publicKey: "", token: chat.token, apiRoot: `${url}/api/v10` };
const discord = new Discord(settings, network);
const TEXT = { text: "Zoë_1 @everyone 😀\nsleeps", names: [{ start: 0, end: 5 }] };
const SHOWN = "**Zoë\\_1** \\@everyone 😀\nsleeps";
const answer = (pictures: Uint8Array<ArrayBuffer>[] = []) => ({ text: TEXT, pictures });
const soon = () => AbortSignal.timeout(5_000);

let number = 0;
/** An interaction that is made now, with its response taken or not. */
function interaction(place: object = {}, isKnown = true): BotMessage {
  const id = snowflake(now, ++number);
  if (isKnown) chat.open(`t${id}`);
  return { id, command: null, place: { channel: chat.channel, token: `t${id}`, ...place } } as unknown as BotMessage;
}
beforeEach(() => {
  now = NOON;
  chat.shown.clear();
  chat.calls.splice(0);
});

test("the answer takes the place of the response, with bold names, and doing it again changes nothing", async () => {
  const message = interaction();
  const said = await discord.say();
  expect(chat.calls).toEqual([]);
  for (const _ of [1, 2]) await discord.answer(message, said, answer([PNG]));
  expect([...chat.shown.values()]).toEqual([{ content: SHOWN, pictures: [new Uint8Array(PNG)], replyTo: null }]);
  await discord.answer(message, said, answer());
  expect([...chat.shown.values()]).toEqual([{ content: SHOWN, pictures: [], replyTo: null }]);
});

test("further pictures follow, each in a message of its own", async () => {
  await discord.sendMore(interaction(), [PNG, PNG]);
  expect([...chat.shown.values()].slice(1)).toEqual([1, 2].map(() => expect.objectContaining({ content: "" })));
});

describe("15 minutes later", () => {
  test("the answer is a message in the channel, which replies to the one that was asked about, once", async () => {
    const message = interaction({ target: "700" });
    now += 15 * MINUTE_MS;
    chat.faults.push("lost");
    await expect(discord.answer(message, "@original", answer([PNG]))).rejects.toMatchObject({ retryMs: 5_000 });
    await discord.answer(message, "@original", answer([PNG]));
    expect([...chat.shown.values()].slice(1)).toEqual([
      { content: SHOWN, pictures: [new Uint8Array(PNG)], replyTo: "700" },
    ]);
    await discord.sendMore(message, [PNG]);
    expect(chat.calls).toEqual([1, 2, 3].map(() => "POST /channels/42/messages"));
  });

  test("also where Discord says so earlier", async () => {
    const message = interaction();
    now += 14.9 * MINUTE_MS;
    chat.open(message.place.token as string);
    const late = new Discord(settings, { ...network, clock: () => now - 2 * MINUTE_MS });
    now += MINUTE_MS;
    await late.answer(message, "@original", answer());
    expect(chat.calls).toEqual([
      `PATCH /webhooks/${APPLICATION}/TOKEN/messages/@original`,
      "POST /channels/42/messages",
    ]);
  });

  test("nothing is sent without the bot's token, nor what one person alone may see", async () => {
    const message = interaction();
    now += 15 * MINUTE_MS;
    const without = new Discord({ ...settings, token: null }, network);
    const ended = { name: "PlatformError", retryMs: null };
    await expect(without.answer(message, "@original", answer())).rejects.toMatchObject(ended);
    const forget = { ...message, command: "forget" } as const;
    await expect(discord.answer(forget, "@original", answer())).rejects.toMatchObject(ended);
    expect(chat.calls).toEqual([]);
  });
});

test("an interaction that is not known yet is asked for again, and one that stays unknown is not", async () => {
  const message = interaction({}, false);
  const early = discord.answer(message, "@original", answer());
  await expect(early).rejects.toMatchObject({ retryMs: 1_000, isRefused: true });
  now += MINUTE_MS;
  const later = discord.answer(message, "@original", answer());
  await expect(later).rejects.toMatchObject({ retryMs: null, isRefused: true });
});

describe("an attachment", () => {
  const picture = (name: string) => discord.picture({ id: `${url}/attachments/${name}`, bytes: null }, soon());

  test("is had by its address", async () => {
    chat.files.set("small", PNG);
    expect(await picture("small")).toEqual(new Uint8Array(PNG));
  });

  test("that is too large is named as such", async () => {
    chat.files.set("large", new Uint8Array(LIMITS.uploadBytes + 1));
    await expect(picture("large")).rejects.toMatchObject({ name: "GuardError", code: "url_too_large" });
  });

  test("that is not there any more is not asked for again", async () => {
    await expect(picture("none")).rejects.toMatchObject({ name: "PlatformError", retryMs: null });
  });

  test.each(["http://127.0.0.1:1/a.png", "https://192.168.0.1/a.png", "http://cdn.discordapp.com/a.png", "x"])(
    "at %s is not asked for",
    async (id) => {
      let asked = 0;
      const count = async () => {
        asked++;
        return new Response();
      };
      const guarded = new Discord(settings, { ...network, fetchPublic: count });
      await expect(guarded.picture({ id, bytes: null }, soon())).rejects.toMatchObject({ retryMs: null });
      expect(asked).toBe(0);
    },
  );

  test.each([[429], [503]])("whose host answers %i is asked for again", async (status) => {
    const away = new Discord(settings, { ...network, fetchPublic: async () => new Response("", { status }) });
    const read = away.picture({ id: "https://cdn.discordapp.com/a.png", bytes: null }, soon());
    await expect(read).rejects.toMatchObject({ name: "PlatformError", retryMs: 5_000 });
  });
});

test.each([
  ["429", { retryMs: 2_500, isRefused: true }],
  ["500", { retryMs: 5_000, isRefused: false }],
  ["403", { retryMs: null, isRefused: true }],
  ["too large", { retryMs: null, isRefused: true }],
  ["lost", { retryMs: 5_000, isRefused: false }],
  ["cut", { retryMs: 5_000, isRefused: false }],
] as const)("after the fault %s it says whether to try again, and nothing of the tokens", async (fault, expected) => {
  const message = interaction();
  chat.faults.push(fault);
  const error = await discord.answer(message, "@original", answer()).catch((one: Error) => one);
  expect(error).toMatchObject({ name: "PlatformError", ...expected });
  for (const token of [chat.token, message.place.token]) expect(String((error as Error).message)).not.toContain(token);
});

test("a refusal that is not Discord's has the time of its header, or one of our own", async () => {
  const says = (headers: Record<string, string>) =>
    new Discord(settings, { ...network, fetch: async () => new Response("<html>", { status: 429, headers }) });
  const wait = (headers: Record<string, string>) => says(headers).answer(interaction(), "@original", answer());
  await expect(wait({ "retry-after": "7" })).rejects.toMatchObject({ retryMs: 7_000 });
  await expect(wait({})).rejects.toMatchObject({ retryMs: 5_000 });
});
