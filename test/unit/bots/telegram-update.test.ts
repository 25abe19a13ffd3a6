import type { Message, Update } from "grammy/types";
import { describe, expect, test } from "vitest";
import { messageOf } from "../../../src/bots/telegram-update.ts";

const BOT = "NamesightBot";
const PHOTO = [
  { file_id: "small", file_unique_id: "s", width: 90, height: 60, file_size: 1_000 },
  { file_id: "large", file_unique_id: "l", width: 900, height: 600, file_size: 90_000 },
];

function update(message: object, kind = "message"): Update {
  const from = { id: 5, is_bot: false, first_name: "Ada", language_code: "de" };
  const chat = { id: 42, type: "private", first_name: "Ada" };
  return { update_id: 1, [kind]: { message_id: 7, date: 0, from, chat, ...message } } as unknown as Update;
}
const inGroup = { chat: { id: -9, type: "supergroup", title: "News" } };
const command = (text: string, length = text.split(" ")[0]?.length ?? 0) => ({
  entities: [{ type: "bot_command", offset: 0, length }] as Message["entities"],
  text,
});

describe("in a private chat", () => {
  test("a photo with a caption is a post, in its largest size", () => {
    expect(messageOf(update({ photo: PHOTO, caption: "Felix sleeps" }), BOT)).toEqual({
      id: "7",
      chat: "telegram/namesightbot/42",
      language: "de",
      command: null,
      text: "Felix sleeps",
      pictures: [{ id: "large", bytes: 90_000 }],
      hasOther: false,
      album: null,
      isAsked: true,
      place: { chat: 42, message: 7 },
    });
  });

  test("a document that is a picture is one, and another is something else", () => {
    const document = { file_id: "doc", file_unique_id: "d", file_size: 10, mime_type: "image/png" };
    expect(messageOf(update({ document }), BOT)).toMatchObject({ pictures: [{ id: "doc", bytes: 10 }] });
    const other = messageOf(update({ document: { ...document, mime_type: "application/pdf" } }), BOT);
    expect(other).toMatchObject({ pictures: [], hasOther: true });
    expect(messageOf(update({ sticker: {} }), BOT)).toMatchObject({ pictures: [], hasOther: true });
  });

  test("a reply to a photo is a post of both", () => {
    const original = { message_id: 3, photo: PHOTO, caption: "old words" };
    expect(messageOf(update({ text: "Felix", reply_to_message: original }), BOT)).toMatchObject({
      text: "Felix",
      pictures: [{ id: "large" }],
    });
  });

  test("the pictures of an album name it", () => {
    expect(messageOf(update({ photo: PHOTO, media_group_id: "a1" }), BOT)).toMatchObject({ album: "a1", text: "" });
  });

  test.each([
    ["/start", "help"],
    ["/help", "help"],
    ["/privacy", "privacy"],
    ["/forget@namesightbot", "forget"],
    ["/forget@OtherBot", null],
    ["/unknown", null],
  ])("%s is the command %s", (text, expected) => {
    expect(messageOf(update(command(text)), BOT)).toMatchObject({ command: expected });
  });

  test.each([
    ["an edit", update({ photo: PHOTO }, "edited_message")],
    ["a channel's post", update({ photo: PHOTO }, "channel_post")],
    ["a message of a bot", update({ from: { id: 1, is_bot: true, first_name: "b" } })],
    ["a message by way of a bot", update({ via_bot: { id: 1, is_bot: true, first_name: "b" } })],
    ["an update of another kind", { update_id: 1, poll: {} } as unknown as Update],
  ])("%s is not answered", (_, given) => {
    expect(messageOf(given, BOT)).toBeNull();
  });
});

test("news about a chat, and what is no update, are not answered", () => {
  for (const message of [{ new_chat_title: "News" }, { message_id: "7" }, { chat: null }, { photo: "x" }]) {
    expect(messageOf(update(message), BOT)).toBeNull();
  }
  for (const given of [null, [], {}, { message: null }]) expect(messageOf(given, BOT)).toBeNull();
});

describe("a reply to the bot", () => {
  const original = { message_id: 3, from: { id: 1, is_bot: true, username: "namesightbot" }, photo: PHOTO };

  test("asks it in a group, and the bot's own picture is none of the post", () => {
    const reply = { text: "Felix", reply_to_message: original };
    expect(messageOf(update({ ...inGroup, ...reply }), BOT)).toMatchObject({ text: "Felix", pictures: [] });
    const other = { ...original, from: { id: 2, is_bot: true, username: "OtherBot" } };
    expect(messageOf(update({ ...inGroup, ...reply, reply_to_message: other }), BOT)).toBeNull();
  });
});

describe("in a group", () => {
  test("a part of an album that does not ask waits for one that does", () => {
    expect(messageOf(update({ ...inGroup, photo: PHOTO, media_group_id: "a" }), BOT)).toMatchObject({ isAsked: false });
  });

  test("a command in other letters, and at the end of a name, is understood as it is meant", () => {
    expect(messageOf(update({ ...inGroup, ...command("/HELP") }), BOT)).toMatchObject({ command: "help" });
    const reply = { reply_to_message: { message_id: 3, photo: PHOTO } };
    const find = { ...inGroup, ...command("/finder@NamesightBot"), ...reply };
    expect(messageOf(update(find), BOT)).toBeNull();
  });

  test("what does not ask the bot is not answered", () => {
    expect(messageOf(update({ ...inGroup, photo: PHOTO, caption: "Felix" }), BOT)).toBeNull();
    expect(messageOf(update({ ...inGroup, ...command("/find@OtherBot") }), BOT)).toBeNull();
  });

  test("/find asks for what it replies to, or for what it says", () => {
    const original = { message_id: 3, photo: PHOTO, caption: "Felix sleeps" };
    const post = { text: "Felix sleeps", pictures: [{ id: "large" }], command: null };
    const reply = { ...inGroup, ...command("/find@NamesightBot"), reply_to_message: original };
    expect(messageOf(update(reply), BOT)).toMatchObject(post);
    const caption_entities = [{ type: "bot_command", offset: 0, length: 5 }];
    const own = { ...inGroup, photo: PHOTO, caption: "/find Felix sleeps", caption_entities };
    expect(messageOf(update(own), BOT)).toMatchObject(post);
  });

  test("the bot's name asks it, and is no part of the post", () => {
    const caption = "Felix sleeps @namesightbot";
    const caption_entities = [{ type: "mention", offset: 13, length: 13 }];
    expect(messageOf(update({ ...inGroup, photo: PHOTO, caption, caption_entities }), BOT)).toMatchObject({
      text: "Felix sleeps",
    });
  });
});
