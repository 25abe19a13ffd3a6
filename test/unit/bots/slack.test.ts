import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import type { BotMessage } from "../../../src/bots/platform.ts";
import { Slack } from "../../../src/bots/slack.ts";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import { serveSlack } from "../../support/bots/slack-server.ts";
import { SlackWorkspace } from "../../support/bots/slack-workspace.ts";
import { PNG } from "../../support/bots/test-chat.ts";

const workspace = new SlackWorkspace();
const { api, server } = await serveSlack(workspace);
afterAll(() => void server.close());
const waits: number[] = [];
// Over a socket: the requests are those of the product.
const asked: string[] = [];
const fetch = createProviderFetch(new Set([workspace.origin]), (url, init) => {
  asked.push(url.href);
  return globalThis.fetch(url, init);
});
const slack = new Slack({
  ...{ api, token: workspace.token, fetch },
  timer: () => new AbortController().signal,
  sleep: async (milliseconds) => void waits.push(milliseconds),
});
const ROOT = "1700000050.000100";
const MESSAGE = {
  id: "1.2",
  text: "who?",
  place: { channel: "C1", thread: ROOT, since: "1.2" },
} as unknown as BotMessage;
const TEXT = { text: "Zoë & 😀 (person): in the picture", names: [{ start: 0, end: 8 }] };
const answer = (pictures: Uint8Array<ArrayBuffer>[] = []) => ({ text: TEXT, pictures });
const now = () => new AbortController().signal;
const shown = (said: string) => workspace.shown.get(said);

beforeEach(() => {
  workspace.calls.splice(0);
  waits.splice(0);
});

test("what is said is in the thread of the message, and nothing in it calls anybody", async () => {
  const said = await slack.say(MESSAGE, "<!channel> & more");
  expect(shown(said)).toMatchObject({ text: "&lt;!channel&gt; &amp; more", thread: ROOT });
});

describe("the answer", () => {
  test("takes the place of what was said, with bold names and its pictures, as often as it is put there", async () => {
    const said = await slack.say(MESSAGE, "Looking …");
    for (const _ of [1, 2]) {
      await slack.answer(MESSAGE, said, answer([PNG, PNG]));
      expect(shown(said)).toMatchObject({ text: "*Zoë &amp; 😀* (person): in the picture", thread: ROOT });
      expect(shown(said)?.pictures).toEqual([new Uint8Array(PNG), new Uint8Array(PNG)]);
    }
  });

  test("waits until Slack has taken its picture in", async () => {
    const said = await slack.say(MESSAGE, "Looking …");
    await slack.answer(MESSAGE, said, answer([PNG]));
    expect(workspace.calls).toEqual([
      ...["chat.postMessage", "files.getUploadURLExternal", "files.completeUploadExternal"],
      ...["files.info", "files.info", "chat.update"],
    ]);
    expect(waits).toEqual([500, 500]);
  });

  test("is refused for good when Slack does not take the picture in", async () => {
    const said = await slack.say(MESSAGE, "Looking …");
    workspace.looks = 99;
    const refused = slack.answer(MESSAGE, said, answer([PNG]));
    await expect(refused).rejects.toMatchObject({ name: "PlatformError", retryMs: null, isRefused: true });
    expect(waits.reduce((sum, wait) => sum + wait)).toBe(16_000);
    workspace.looks = 2;
  });

  test("without a picture is a text alone", async () => {
    const said = await slack.say(MESSAGE, "Looking …");
    await slack.answer(MESSAGE, said, answer());
    expect(shown(said)?.pictures).toEqual([]);
    expect(workspace.calls).toEqual(["chat.postMessage", "chat.update"]);
  });
});

test("what was said is found again by its message, where its reply got lost, and by no other", async () => {
  workspace.posts.set(ROOT, { text: "Felix" });
  workspace.faults.push("lost");
  await expect(slack.say({ ...MESSAGE, id: "1700000300.1" }, "…")).rejects.toMatchObject({ isRefused: false });
  const found = await slack.find({ ...MESSAGE, id: "1700000300.1" });
  expect(shown(found ?? "")).toMatchObject({ text: "…" });
  expect(await slack.find({ ...MESSAGE, id: "1700000300.2" })).toBeNull();
});

test("what was said is found beside messages of other apps, whatever metadata these have", async () => {
  workspace.posts.set(ROOT, { text: "Felix" });
  for (const [index, metadata] of [
    null,
    {},
    [],
    { event_type: "task", event_payload: [] },
    { event_type: 7 },
  ].entries())
    workspace.posts.set(`1700000060.00010${index}`, { thread_ts: ROOT, text: "news", bot_id: "B0OTHER01", metadata });
  const message = { ...MESSAGE, id: "1700000300.3" };
  const said = await slack.say(message, "…");
  expect(await slack.find(message)).toBe(said);
  workspace.posts.clear();
});

test("a thread that the bot may not read, or whose beginning is gone, is answered as one without a post", async () => {
  workspace.posts.set(ROOT, { text: "Felix sleeps", files: [{ id: "F0PICTURE1" }] });
  const pointing = { ...MESSAGE, pictures: [], place: { ...MESSAGE.place, root: ROOT } };
  const scopes = ["channels:history", "groups:history"];
  for (const scope of scopes) workspace.scopes.delete(scope);
  expect(await slack.complete(pointing)).toEqual({ ...pointing, place: MESSAGE.place });
  for (const scope of scopes) workspace.scopes.add(scope);
  workspace.posts.clear();
  expect(await slack.complete(pointing)).toEqual({ ...pointing, place: MESSAGE.place });
  workspace.faults.push("429");
  await expect(slack.complete(pointing)).rejects.toMatchObject({ retryMs: 3_000 });
});

test("a message that points to the beginning of its thread gets the post from there, and others are as they were", async () => {
  const files = [{ id: "F0PICTURE1", size: 70, mimetype: "image/png" }];
  workspace.posts.set(ROOT, { text: "Felix sleeps", files });
  const pointing = { ...MESSAGE, place: { ...MESSAGE.place, root: ROOT } };
  expect(await slack.complete(pointing)).toMatchObject({ text: "Felix sleeps", pictures: [{ id: "F0PICTURE1" }] });
  expect(await slack.complete(MESSAGE)).toBe(MESSAGE);
});

describe("a picture", () => {
  const read = (id: string) => slack.picture({ id, bytes: null }, now());

  test("is had by its id", async () => {
    workspace.files.set("F0SMALL01", { bytes: PNG, type: "image/png" });
    expect(await read("F0SMALL01")).toEqual(new Uint8Array(PNG));
  });

  test("that is too large is named as such", async () => {
    workspace.files.set("F0LARGE01", { bytes: new Uint8Array(LIMITS.uploadBytes + 1), type: "image/png" });
    await expect(read("F0LARGE01")).rejects.toMatchObject({ name: "GuardError", code: "url_too_large" });
  });

  test("in whose place Slack sends a page to sign in is no picture", async () => {
    workspace.files.set("F0PAGE001", { bytes: PNG, type: "text/html; charset=utf-8" });
    await expect(read("F0PAGE001")).rejects.toMatchObject({ name: "ProblemError", code: "picture_type_not_supported" });
  });

  test("that Slack does not have is not asked for again", async () => {
    await expect(read("F0NONE001")).rejects.toMatchObject({ name: "PlatformError", retryMs: null, isRefused: true });
  });

  test.each([
    "https://drive.test/d/1/picture.png",
    "https://files.slack.com.elsewhere.test/x",
    "https://files.slack.com@elsewhere.test/x",
    "https://elsewhere.test/https://files.slack.com/x",
    "//elsewhere.test/x",
    "http://files.slack.com/x",
    "https://files.slack.com:8443/x",
    "http://169.254.169.254/latest",
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "blob:https://files.slack.com/x",
    "https://ada:key@files.slack.com/x",
    "not an address",
  ])("at %s, which is not Slack's, is no picture for the bot, and the token stays here", async (url) => {
    workspace.files.set("F0ELSE001", { bytes: PNG, type: "image/png", url });
    await expect(read("F0ELSE001")).rejects.toMatchObject({ name: "ProblemError", code: "picture_type_not_supported" });
    expect(asked.filter((one) => !one.startsWith(workspace.origin))).toEqual([]);
  });

  test("of the bot is uploaded to no address that is not Slack's", async () => {
    const said = await slack.say(MESSAGE, "Looking …");
    const { origin } = workspace;
    workspace.origin = "https://elsewhere.test";
    await expect(slack.answer(MESSAGE, said, answer([PNG]))).rejects.toMatchObject({ retryMs: null, isRefused: true });
    workspace.origin = origin;
    expect(asked.filter((one) => !one.startsWith(origin))).toEqual([]);
  });
});

test.each([
  ["429", { retryMs: 3_000, isRefused: true }],
  ["500", { retryMs: 5_000, isRefused: false }],
  ["lost", { retryMs: 5_000, isRefused: false }],
  ["cut", { retryMs: 5_000, isRefused: false }],
  [{ error: "ratelimited" }, { retryMs: 5_000, isRefused: true }],
  [{ error: "org_login_required" }, { retryMs: 5_000, isRefused: true }],
  [{ error: "internal_error" }, { retryMs: 5_000, isRefused: false }],
  [{ error: "channel_not_found" }, { retryMs: null, isRefused: true }],
  [{ error: "not_in_channel" }, { retryMs: null, isRefused: true }],
  [{ error: "is_archived" }, { retryMs: null, isRefused: true }],
  [{ error: "token_revoked" }, { retryMs: null, isRefused: true }],
] as const)("after the fault %j it says whether to try again, and nothing of the token", async (fault, expected) => {
  workspace.faults.push(fault);
  const error = await slack.say(MESSAGE, "x").catch((one: Error) => one);
  expect(error).toMatchObject({ name: "PlatformError", ...expected });
  expect(String((error as Error).message)).not.toContain(workspace.token);
});
