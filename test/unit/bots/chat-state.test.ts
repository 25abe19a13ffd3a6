import { expect, test } from "vitest";
import { fill, sentencesOf } from "../../../src/bots/sentences.ts";
import { ANSWER, TestChat } from "../../support/bots/test-chat.ts";

const EN = sentencesOf("en");
const [HELP, PRIVACY] = [EN.help, EN.privacy].map((text) => fill(text, { find: "/find", forget: "/forget" }));
const FOUND = "Felix (person): not in the picture";

test("says that it looks at a post, and puts the answer in that place", async () => {
  const chat = new TestChat();
  await chat.sendPhoto("Felix sleeps");
  await chat.ring();
  expect(chat.shown).toEqual([EN.looking]);
  const [id] = [...chat.jobs.keys()];
  expect(chat.jobs.get(id ?? "")?.order).toMatchObject({
    account: "public",
    fields: { text: "Felix sleeps", store: false },
    image: { kind: "stored" },
    payer: { kind: "nobody" },
    chat: "telegram/namesightbot/42",
  });
  await chat.end(id ?? "");
  await chat.ring();
  expect(chat.shown).toEqual([FOUND]);
  expect(chat.telegram.shown.get(1_001)).toMatchObject({
    replyTo: 1,
    entities: [{ type: "bold", offset: 0, length: 5 }],
  });
  expect([chat.jobs.size, chat.pictures.size]).toEqual([0, 0]);
});

test("answers a message that is delivered again once", async () => {
  const chat = new TestChat();
  for (const _ of [1, 2, 3]) await chat.sendPhoto("Felix sleeps", {}, undefined);
  await chat.send({ text: "/help", entities: [{ type: "bot_command", offset: 0, length: 5 }] }, 9);
  await chat.ring();
  await chat.send({ text: "/help", entities: [{ type: "bot_command", offset: 0, length: 5 }] }, 9);
  await chat.ring();
  expect(chat.shown.filter((text) => text === HELP)).toHaveLength(1);
  expect(chat.asked).toHaveLength(3);
});

test("answers an album once, when none of it has come for a while", async () => {
  const chat = new TestChat();
  await chat.sendPhoto("", { media_group_id: "a" });
  await chat.sendPhoto("Felix sleeps", { media_group_id: "a" });
  await chat.ring(1_000);
  expect(chat.shown).toEqual([]);
  await chat.sendPhoto("", { media_group_id: "a" });
  await chat.ring(2_000);
  expect(chat.shown).toEqual([EN.looking]);
  expect(chat.jobs.size).toBe(3);
  for (const id of chat.jobs.keys()) await chat.end(id);
  await chat.ring();
  expect(chat.shown).toEqual([`Picture 1\n${FOUND}\nPicture 2\n${FOUND}\nPicture 3\n${FOUND}`]);
});

test.each([
  ["a text without a picture", { text: "Felix" }, EN.noPicture],
  ["a sticker", { sticker: {} }, EN.notAPicture],
  ["/start", { text: "/start", entities: [{ type: "bot_command", offset: 0, length: 6 }] }, HELP],
  ["/privacy", { text: "/privacy", entities: [{ type: "bot_command", offset: 0, length: 8 }] }, PRIVACY],
])("answers %s with a sentence, and no job", async (_, message, sentence) => {
  const chat = new TestChat();
  await chat.send(message);
  await chat.ring();
  expect(chat.shown).toEqual([sentence]);
  expect(chat.jobs.size).toBe(0);
});

test("answers a picture without text, one that is none, and one that is too large with a sentence each", async () => {
  const chat = new TestChat();
  await chat.sendPhoto("");
  await chat.sendPhoto("Felix", {}, new TextEncoder().encode("no picture"));
  await chat.sendPhoto("Felix", {}, new Uint8Array(10 * 1024 * 1024 + 1));
  await chat.ring();
  expect(chat.shown).toEqual([EN.noText, EN.notAPicture, "The picture has more than 10 MB."]);
  expect([chat.jobs.size, chat.pictures.size]).toEqual([0, 0]);
});

test("says when a post could not be looked at", async () => {
  const chat = new TestChat();
  await chat.sendPhoto("Felix sleeps");
  await chat.ring();
  for (const id of chat.jobs.keys()) await chat.end(id, null);
  await chat.ring();
  expect(chat.shown).toEqual([EN.failed]);
});

test("stops at what a chat may use in a day, and goes on the next day", async () => {
  const chat = new TestChat();
  chat.account = "bots";
  chat.dailyLimit = 100_000_000;
  chat.evict();
  await chat.sendPhoto("Felix sleeps");
  await chat.ring();
  const [id] = [...chat.jobs.keys()];
  expect(chat.jobs.get(id ?? "")?.order).toMatchObject({ account: "bots", payer: { kind: "asks" } });
  await chat.end(id ?? "", ANSWER, "0.099999999");
  await chat.ring();
  await chat.sendPhoto("Felix wakes");
  await chat.ring();
  expect(chat.shown).toEqual([FOUND, EN.overLimit]);
  await chat.ring(24 * 60 * 60 * 1000);
  await chat.sendPhoto("Felix runs");
  await chat.ring();
  expect(chat.shown.at(-1)).toBe(EN.looking);
});

test("/forget deletes the posts that are not answered, cancels what runs, and says so in their places", async () => {
  const chat = new TestChat();
  await chat.sendPhoto("Felix sleeps");
  await chat.ring();
  await chat.send({ text: "/forget", entities: [{ type: "bot_command", offset: 0, length: 7 }] });
  await chat.ring();
  expect(chat.shown).toEqual([EN.forgotten, EN.forgotten]);
  expect([chat.jobs.size, chat.pictures.size]).toEqual([0, 0]);
});

test("/forget leaves what came after it, also where Telegram was away meanwhile", async () => {
  const chat = new TestChat();
  chat.telegram.faults.push("429");
  await chat.sendPhoto("Felix sleeps");
  await chat.ring();
  await chat.send({ text: "/forget", entities: [{ type: "bot_command", offset: 0, length: 7 }] });
  await chat.sendPhoto("Felix wakes");
  await chat.ring(3_000);
  expect(chat.shown).toEqual([EN.forgotten, EN.forgotten, EN.looking]);
  expect([...chat.jobs.values()].map(({ order }) => order.fields)).toMatchObject([{ text: "Felix wakes" }]);
});

test("waits as long as Telegram says, and drops the answer to who has blocked the bot", async () => {
  const chat = new TestChat();
  chat.telegram.faults.push("429");
  await chat.sendPhoto("Felix sleeps");
  await chat.ring();
  expect(chat.shown).toEqual([]);
  await chat.ring(3_000);
  expect(chat.shown).toEqual([EN.looking]);
  chat.telegram.faults.push("403");
  for (const id of chat.jobs.keys()) await chat.end(id);
  await chat.ring();
  expect([chat.jobs.size, chat.shown]).toEqual([0, [EN.looking]]);
});

test("says nothing twice where the answer of a call gets lost, and answers once Telegram is back", async () => {
  const chat = new TestChat();
  chat.telegram.faults.push("lost");
  await chat.sendPhoto("Felix sleeps");
  await chat.ring();
  chat.evict();
  await chat.ring(60_000);
  expect(chat.shown).toEqual([EN.looking]);
  chat.telegram.faults.push("cut", "500");
  for (const id of chat.jobs.keys()) await chat.end(id);
  await chat.ring(120_000);
  expect(chat.shown).toEqual([EN.looking, FOUND]);
  expect(chat.jobs.size).toBe(0);
});

test("answers nothing before the time that Telegram has asked for, whatever else comes", async () => {
  const chat = new TestChat();
  chat.telegram.faults.push("429");
  await chat.sendPhoto("Felix sleeps");
  await chat.ring();
  await chat.sendPhoto("Felix wakes");
  await chat.ring(2_900);
  expect(chat.telegram.calls).toEqual(["sendMessage"]);
  await chat.ring(200);
  expect(chat.shown).toEqual([EN.looking, EN.looking]);
});

test("says that a post could not be looked at when its picture cannot be had for ten minutes", async () => {
  const chat = new TestChat();
  await chat.sendPhoto("Felix sleeps");
  chat.telegram.files.clear();
  await chat.ring(15 * 60_000);
  expect(chat.shown).toEqual([EN.failed]);
  expect([chat.jobs.size, chat.pictures.size]).toEqual([0, 0]);
});

test("of more posts at once than may wait, the first ones are looked at, and only the others are refused", async () => {
  const chat = new TestChat();
  for (let post = 0; post < 23; post++) await chat.sendPhoto(`Felix ${post}`);
  await chat.ring();
  const refused = fill(EN.tooMany, { limit: 20 });
  const looking = (number: number) => Array(number).fill(EN.looking);
  expect(chat.shown).toEqual([...looking(20), refused, refused, refused]);
  expect(chat.jobs.size).toBe(20);
  await chat.sendPhoto("Felix later");
  await chat.ring();
  const [first = ""] = chat.jobs.keys();
  await chat.end(first);
  await chat.ring();
  await chat.sendPhoto("Felix at last");
  await chat.ring();
  expect(chat.shown.slice(20)).toEqual([refused, refused, refused, refused, EN.looking]);
});

test("a post that waited for Telegram for half an hour is looked at also where its picture cannot be had at once", async () => {
  const chat = new TestChat();
  chat.telegram.faults.push(...Array(10).fill("500"), "none", "429", "500");
  await chat.sendPhoto("Felix sleeps");
  await chat.ring(15 * 60_000);
  expect([chat.shown, chat.jobs.size]).toEqual([[], 0]);
  await chat.ring(60 * 60_000);
  for (const id of chat.jobs.keys()) await chat.end(id);
  await chat.ring();
  expect(chat.shown).toEqual([FOUND]);
});

test("a picture that is too large is refused also where Telegram does not tell its size", async () => {
  const chat = new TestChat();
  const photo = [{ file_id: "huge", width: 1, height: 1 }];
  chat.telegram.files.set("huge", new Uint8Array(10 * 1024 * 1024 + 1));
  await chat.send({ photo, caption: "Felix" });
  await chat.ring();
  expect(chat.shown).toEqual(["The picture has more than 10 MB."]);
});

test("a job that ends before its beginning is recorded is answered at once", async () => {
  const chat = new TestChat();
  chat.endsAtOnce = true;
  await chat.sendPhoto("Felix sleeps");
  await chat.ring();
  expect(chat.shown).toEqual([FOUND]);
});

test("what was charged for an answer that is forgotten, or cannot be sent, counts as what the chat has used", async () => {
  const ends: Array<(chat: TestChat) => unknown> = [
    (chat) => chat.send({ text: "/forget", entities: [{ type: "bot_command", offset: 0, length: 7 }] }),
    (chat) => chat.telegram.faults.push("403"),
  ];
  for (const end of ends) {
    const chat = new TestChat();
    chat.account = "bots";
    chat.dailyLimit = 100_000_000;
    chat.evict();
    await chat.sendPhoto("Felix sleeps");
    await chat.ring();
    for (const id of chat.jobs.keys()) await chat.end(id, ANSWER, "0.099999999");
    await end(chat);
    await chat.ring();
    expect(chat.database.all("SELECT amount FROM spent")).toEqual([{ amount: 99_999_999 }]);
    await chat.sendPhoto("Felix wakes");
    await chat.ring();
    expect([chat.shown.at(-1), chat.jobs.size]).toEqual([EN.overLimit, 0]);
  }
});

test("/forget does not free what a chat may use", async () => {
  const chat = new TestChat();
  chat.account = "bots";
  chat.dailyLimit = 100_000_000;
  chat.evict();
  await chat.sendPhoto("Felix sleeps");
  await chat.ring();
  for (const id of chat.jobs.keys()) await chat.end(id, ANSWER, "0.099999999");
  await chat.ring();
  await chat.send({ text: "/forget", entities: [{ type: "bot_command", offset: 0, length: 7 }] });
  await chat.ring();
  await chat.sendPhoto("Felix wakes");
  await chat.ring();
  expect(chat.shown).toEqual([FOUND, EN.forgotten, EN.overLimit]);
});
