import { describe, expect, test } from "vitest";
import { challengeOf, messageOf, withRoot } from "../../../src/bots/slack-event.ts";
import {
  BOT,
  CHANNEL,
  callback,
  direct,
  fileOf,
  mention,
  PERSON,
  shortcut,
} from "../../support/bots/slack-deliveries.ts";

const PICTURE = [fileOf("F0PICTURE1")];
const THREAD = { thread_ts: "1700000050.000100" };

describe("a mention", () => {
  test("with a picture is a post: the text without the bot's name", () => {
    expect(messageOf(mention(`<@${BOT}> Felix sleeps`, { files: PICTURE }))).toEqual({
      id: "1700000100.000200",
      chat: `slack/${CHANNEL}`,
      language: null,
      command: null,
      text: "Felix sleeps",
      pictures: [{ id: "F0PICTURE1", bytes: 70 }],
      hasOther: false,
      album: null,
      isAsked: true,
      place: { channel: CHANNEL, thread: "1700000100.000200", since: "1700000100.000200" },
    });
  });

  test("in a thread is about the message that begins it, and one with a picture of its own about that", () => {
    const pointing = messageOf(mention(`<@${BOT}> who is it?`, THREAD));
    expect(pointing?.place).toMatchObject({ thread: THREAD.thread_ts, root: THREAD.thread_ts });
    const own = messageOf(mention(`<@${BOT}> Felix`, { ...THREAD, files: PICTURE }));
    expect(own).toMatchObject({ text: "Felix", place: { thread: THREAD.thread_ts } });
    expect(own?.place).not.toHaveProperty("root");
  });

  test("of which Slack does not tell who is the bot is understood too", () => {
    const event = { type: "app_mention", user: PERSON, text: `<@${BOT}> help`, ts: "1.2", channel: CHANNEL };
    expect(messageOf(callback(event, { authorizations: undefined }))).toMatchObject({ command: "help", text: "help" });
  });

  test("with a name of the bot that is none is understood as one without", () => {
    const event = { type: "app_mention", user: PERSON, text: `<@${BOT}> help`, ts: "1.2", channel: CHANNEL };
    for (const user_id of ["(", ".*", null])
      expect(messageOf(callback(event, { authorizations: [{ user_id, is_bot: true }] }))?.command).toBe("help");
  });

  test.each([
    ["help", "help"],
    ["Privacy", "privacy"],
    ["FORGET", "forget"],
    ["please help", null],
  ])("with %s alone is the command %s, also in a thread", (text, command) => {
    for (const more of [{}, THREAD]) {
      expect(messageOf(mention(`<@${BOT}> ${text}`, more))).toMatchObject({ command, text });
    }
  });
});

describe("the files of a message", () => {
  test.each([
    ["a JPEG, a PNG and a WebP", ["image/jpeg", "image/png", "image/webp"], 3, false],
    ["a picture and a video", ["video/mp4", "image/png"], 1, false],
    ["a GIF", ["image/gif"], 0, true],
    ["a file of another workspace, of which there is the id alone", [undefined], 1, false],
    ["a picture that Slack has not taken in yet", [""], 1, false],
  ])("with %s", (_, types, pictures, hasOther) => {
    const files = types.map((mimetype, index) => fileOf(`F0PICTURE${index}`, { mimetype }));
    const message = messageOf(mention(`<@${BOT}>`, { files }));
    expect([message?.pictures.length, message?.hasOther]).toEqual([pictures, hasOther]);
  });
});

describe("a file that is not Slack's any more, or never was,", () => {
  const KINDS = [
    ["was deleted", { id: "F0GONE0001", mode: "tombstone" }, false],
    ["is hidden by the limit of a free workspace", { id: "F0HIDDEN01", mode: "hidden_by_limit" }, false],
    ["is on a drive elsewhere", fileOf("F0DRIVE001", { mode: "external", external_type: "gdrive" }), true],
  ] as const;

  test.each(KINDS)("because it %s, is no picture", (_, file, hasOther) => {
    for (const message of [
      messageOf(mention(`<@${BOT}> Felix`, { files: [file] })),
      messageOf(shortcut({ text: "Felix", files: [file] })),
    ]) {
      expect([message?.pictures, message?.hasOther]).toEqual([[], hasOther]);
    }
    const beside = messageOf(shortcut({ text: "Felix", files: [file, ...PICTURE] }));
    expect([beside?.pictures, beside?.hasOther]).toEqual([[{ id: "F0PICTURE1", bytes: 70 }], false]);
  });

  test("leaves a mention in a thread pointing to the message that begins it", () => {
    const message = messageOf(
      mention(`<@${BOT}> Felix`, { ...THREAD, files: [{ id: "F0GONE0001", mode: "tombstone" }] }),
    );
    expect(message?.place).toMatchObject({ root: THREAD.thread_ts });
  });
});

test("every message of a direct conversation asks", () => {
  const message = messageOf(direct("Felix &amp; <https://a.test|Zoë>", { files: PICTURE, subtype: "file_share" }));
  expect(message).toMatchObject({ chat: "slack/D0DIRECT1", text: "Felix & Zoë", pictures: [{ id: "F0PICTURE1" }] });
  expect(messageOf(direct("help"))).toMatchObject({ command: "help" });
});

describe("the shortcut", () => {
  test("asks about the message for which it was chosen, and again when it is chosen again", () => {
    const chosen = messageOf(shortcut({ text: "Felix sleeps", files: PICTURE, thread_ts: "1.5" }));
    expect(chosen).toMatchObject({
      id: "1700000200.000001 1700000050.000100",
      text: "Felix sleeps",
      pictures: [{ id: "F0PICTURE1" }],
      place: { channel: CHANNEL, thread: "1.5", since: "1700000200.000001" },
    });
    const again = messageOf(shortcut({ text: "Felix sleeps" }, { action_ts: "1700000201.000001" }));
    expect(again?.id).not.toBe(chosen?.id);
  });

  test("of another name, and other interactions, are not answered", () => {
    expect(messageOf(shortcut({}, { callback_id: "other" }))).toBeNull();
    expect(messageOf({ ...shortcut({}), type: "block_actions" })).toBeNull();
  });

  test("finds a help that is part of a post no command", () => {
    expect(messageOf(shortcut({ text: "help" }))).toMatchObject({ command: null, text: "help" });
  });
});

test.each([
  ["an edit", direct("x", { subtype: "message_changed", message: {} })],
  ["a mention that an edit has added", mention(`<@${BOT}> x`, { edited: { user: PERSON, ts: "1.3" } })],
  ["a deletion", direct("x", { subtype: "message_deleted" })],
  ["a message of a bot", mention(`<@${BOT}> x`, { bot_id: "B0OTHER01" })],
  ["a message of the bot itself", direct("x", { user: BOT })],
  ["a message of a channel", direct("x", { channel_type: "channel" })],
  ["news about a channel", direct("x", { subtype: "channel_join" })],
  ["another event", callback({ type: "reaction_added", user: PERSON })],
  ["a channel's name that is none", mention("x", { channel: "../x" })],
  ["no object", null],
  ["nothing", {}],
])("%s is not answered", (_, delivery) => {
  expect(messageOf(delivery)).toBeNull();
  expect(challengeOf(delivery)).toBeNull();
});

test("a verification of the address says what is to be said back", () => {
  expect(challengeOf({ token: "x", challenge: "3eZbrw1a", type: "url_verification" })).toBe("3eZbrw1a");
});

describe("the message that begins a thread", () => {
  const pointing = messageOf(mention(`<@${BOT}> who is it?`, THREAD));
  if (!pointing) throw new Error("it asks");

  test("gives the text and the pictures", () => {
    const root = { ts: THREAD.thread_ts, text: "<@U0OTHER01> Felix sleeps", files: PICTURE };
    const completed = withRoot(pointing, { ok: true, messages: [root] });
    expect(completed).toMatchObject({ text: "Felix sleeps", pictures: [{ id: "F0PICTURE1" }] });
    expect(completed.place).toEqual({ channel: CHANNEL, thread: THREAD.thread_ts, since: "1700000100.000200" });
  });

  test("that has no text gets the words of the mention, and one that is gone gives nothing", () => {
    const root = { ts: THREAD.thread_ts, text: "", files: PICTURE };
    expect(withRoot(pointing, { messages: [root] })).toMatchObject({ text: "who is it?", pictures: [{}] });
    for (const replies of [{ messages: [] }, { messages: [{ ...root, ts: "1.1" }] }, {}]) {
      const completed = withRoot(pointing, replies);
      expect([completed.pictures, "root" in completed.place]).toEqual([[], false]);
    }
  });
});
