import { describe, expect, test } from "vitest";
import { madeAt, messageOf } from "../../../src/bots/discord-interaction.ts";
import { NOON } from "../../support/accounts/account.ts";
import {
  APPLICATION,
  attachment,
  findIn,
  PING,
  recognize,
  slash,
  snowflake,
} from "../../support/bots/discord-interactions.ts";

const ID = snowflake(NOON, 7);
const IMAGE = attachment("https://cdn.discordapp.com/a.png", 1_000);
const read = (interaction: unknown) => messageOf(interaction, APPLICATION);

test("/recognize is a post of its text and its image", () => {
  expect(read(recognize(ID, " Felix sleeps ", IMAGE))).toEqual({
    id: ID,
    chat: `discord/${APPLICATION}/42`,
    language: "en-US",
    command: null,
    text: "Felix sleeps",
    pictures: [{ id: IMAGE.url, bytes: 1_000 }],
    hasOther: false,
    album: null,
    isAsked: true,
    place: { channel: "42", token: `token-${ID}` },
  });
});

describe("the command on a message", () => {
  const message = (target: object) => read(findIn(ID, target));

  test("is a post of its text and all of its pictures, and answers it", () => {
    const attachments = [IMAGE, attachment("https://a.test/b", 5, "image/webp"), attachment("https://a.test/c", 5, "")];
    expect(message({ content: "Felix", attachments })).toMatchObject({
      text: "Felix",
      pictures: [{ id: IMAGE.url }, { id: "https://a.test/b" }, { id: "https://a.test/c", bytes: 5 }],
      place: { target: "700" },
    });
  });

  test("is one of what was forwarded in it", () => {
    const message_snapshots = [{ message: { content: "Felix", attachments: [IMAGE] } }];
    expect(message({ content: "", attachments: [], message_snapshots })).toMatchObject({
      text: "Felix",
      pictures: [{ id: IMAGE.url }],
    });
  });

  test("tells that there is something else, or nothing", () => {
    const other = attachment("https://a.test/b", 5, "video/mp4");
    expect(message({ content: "Felix", attachments: [other] })).toMatchObject({ pictures: [], hasOther: true });
    expect(message({ content: "Felix" })).toMatchObject({ pictures: [], hasOther: false });
    expect(read({ ...findIn(ID, {}), data: { type: 3, name: "x" } })).toMatchObject({ text: "", pictures: [] });
  });

  test("may be called as in another language", () => {
    const renamed = findIn(ID, { content: "Felix", attachments: [IMAGE] });
    expect(read({ ...renamed, data: { ...renamed.data, name: "help" } })).toMatchObject({ command: null });
  });
});

test.each([
  ["help", "help"],
  ["privacy", "privacy"],
  ["forget", "forget"],
  ["constructor", "help"],
])("/%s asks for %s", (name, command) => {
  expect(read(slash(ID, name))).toMatchObject({ command, text: "", pictures: [], hasOther: false });
});

test.each([
  ["a ping", PING],
  ["a button", { ...slash(ID, "help"), type: 3 }],
  ["an id that is none", slash("../1", "help")],
  ["a channel that is none", slash(ID, "help", { channel_id: "a/b" })],
  ["no token", slash(ID, "help", { token: "" })],
  ["nothing", null],
])("%s is no message", (_, interaction) => {
  expect(read(interaction)).toBeNull();
});

test("an id has the time at which it was made", () => {
  expect(madeAt(ID)).toBe(NOON);
  // The example of docs.discord.com, "Snowflakes".
  expect(madeAt("175928847299117063")).toBe(1_462_015_105_796);
});
