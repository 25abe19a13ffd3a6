import { beforeEach, describe, expect, test } from "vitest";
import type { BotMessage } from "../../../src/bots/platform.ts";
import { createTables } from "../../../src/bots/tables.ts";
import * as waiting from "../../../src/bots/waiting.ts";
import { NOON } from "../../support/accounts/account.ts";
import { NodeDatabase } from "../../support/accounts/node-database.ts";

const DAY = 24 * 60 * 60 * 1000;
let database: NodeDatabase;
beforeEach(() => {
  database = new NodeDatabase();
  createTables(database);
});
const message = (id: string, more: Partial<BotMessage> = {}) =>
  ({ id, text: "", pictures: [{ id: `p${id}`, bytes: 1 }], album: null, isAsked: true, ...more }) as BotMessage;
const take = (one: BotMessage, due = NOON) => waiting.take(database, one, NOON, due);
const due = (now = NOON) => waiting.dueMessages(database, now).map((one) => one.message);

test("a message is taken once, also when it was answered, for a day", () => {
  take(message("1"));
  take(message("1", { text: "again" }));
  expect(due().map(({ text }) => text)).toEqual([""]);
  waiting.finish(database, "1", NOON);
  take(message("1"));
  expect(due()).toEqual([]);
  expect(waiting.forgetOld(database, NOON + DAY - 1)).toBe(true);
  expect(waiting.forgetOld(database, NOON + DAY)).toBe(false);
});

describe("an album", () => {
  const part = (id: string, more: Partial<BotMessage> = {}) => message(id, { album: "a", ...more });

  test("is one message with its pictures in the order of the chat, in whatever order they came", () => {
    for (const one of [part("10"), part("9", { text: "Felix" }), part("8")]) take(one, NOON + 1_500);
    expect(due()).toEqual([]);
    waiting.gatherAlbums(database, NOON + 1_500);
    expect(due(NOON + 1_500)).toEqual([
      { ...part("8"), text: "Felix", pictures: ["p8", "p9", "p10"].map((id) => ({ id, bytes: 1 })), hasOther: false },
    ]);
  });

  test("waits for as long after each part, and takes none that comes later", () => {
    take(part("1"), NOON + 1_500);
    take(part("2"), NOON + 2_500);
    expect(waiting.nextDue(database)).toBe(NOON + 2_500);
    waiting.gatherAlbums(database, NOON + 2_500);
    take(part("3"), NOON + 9_000);
    expect(waiting.allMessages(database).length).toBe(1);
    waiting.gatherAlbums(database, NOON + 2_500);
    expect(due(NOON + 2_500).map(({ pictures }) => pictures.length)).toEqual([2]);
  });

  test("of which no part asks the bot is forgotten, and one that asks speaks for all", () => {
    take(part("1", { isAsked: false }));
    waiting.gatherAlbums(database, NOON);
    expect(waiting.allMessages(database)).toEqual([]);
    for (const one of [message("2", { album: "b", isAsked: false }), message("3", { album: "b" })]) take(one);
    waiting.gatherAlbums(database, NOON);
    expect(due().map(({ id, pictures }) => [id, pictures.length])).toEqual([["3", 2]]);
  });
});

test("what happens to a message while it is worked on is not put off", () => {
  take(message("1"));
  const [first] = waiting.dueMessages(database, NOON);
  if (!first) throw new Error("nothing is due");
  waiting.hurry(database, first, NOON);
  waiting.noteRunning(database, first, NOON + 60_000);
  expect(waiting.nextDue(database)).toBeLessThanOrEqual(NOON);
  const [second] = waiting.dueMessages(database, NOON);
  if (!second) throw new Error("nothing is due");
  waiting.putOff(database, "1", second.due, NOON + 60_000);
  expect(waiting.nextDue(database)).toBe(NOON + 60_000);
});

test("what a chat has used is what was charged today and what its posts may still cost", () => {
  for (const id of ["1", "2"]) {
    take(message(id));
    waiting.noteJobs(database, id, [`job${id}`], 100);
  }
  expect(waiting.spentToday(database, NOON)).toBe(200);
  waiting.noteAnswered(database, "1", 30, NOON);
  expect(waiting.spentToday(database, NOON)).toBe(130);
  expect(waiting.messageOfJob(database, "job2")?.message.id).toBe("2");
  // What was answered is counted already; what was given up is counted as it ends, once.
  waiting.finish(database, "1", NOON, 30);
  for (const _ of [1, 2]) waiting.finish(database, "2", NOON, 12);
  expect([waiting.spentToday(database, NOON), waiting.spentToday(database, NOON + DAY)]).toEqual([42, 0]);
});

test("a message has its place in the line by when it came, and comes forward as others end", () => {
  for (const id of ["9", "10", "2"]) take(message(id));
  const places = () => ["9", "10", "2"].map((id) => waiting.placeInLine(database, id));
  expect(places()).toEqual([1, 2, 3]);
  waiting.finish(database, "10", NOON);
  expect(places()).toEqual([1, 0, 2]);
});
