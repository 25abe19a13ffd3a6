import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { LIMITS } from "../../../schemas/limits.ts";
import { SlackApi } from "../../../src/bots/slack-api.ts";

const Done = z.looseObject({});
const never = () => new AbortController().signal;

/** The API, with what it asks for, of a Slack that answers so. */
function apiOf(answer: () => Response | Promise<Response>) {
  const asked: Request[] = [];
  const api = new SlackApi({
    ...{ token: "xoxb-1111-2222-secret", api: "https://slack.test/api", timer: never, sleep: async () => undefined },
    fetch: async (url, init) => {
      asked.push(new Request(url, init));
      return answer();
    },
  });
  return { api, asked };
}

describe("a call", () => {
  test("is a form with the token in a header, and objects as JSON", async () => {
    const { api, asked } = apiOf(() => Response.json({ ok: true, ts: "1.2" }));
    const given = { channel: "C1", limit: 1, isOn: true, blocks: [{ type: "section" }] };
    expect(await api.call("chat.update", given, z.object({ ts: z.string() }))).toEqual({ ts: "1.2" });
    const [request] = asked;
    expect([request?.url, request?.method]).toEqual(["https://slack.test/api/chat.update", "POST"]);
    expect(request?.headers.get("authorization")).toBe("Bearer xoxb-1111-2222-secret");
    expect(Object.fromEntries(new URLSearchParams(await request?.text()))).toEqual({
      ...{ channel: "C1", limit: "1", isOn: "true", blocks: '[{"type":"section"}]' },
    });
  });

  test.each([
    ["a page in place of JSON", () => new Response("<html>", { status: 503 }), { retryMs: 5_000, isRefused: false }],
    ["JSON of another kind", () => Response.json([]), { retryMs: 5_000, isRefused: false }],
    ["an answer of another form", () => Response.json({ ok: true }), { retryMs: null, isRefused: false }],
    ["a pause without a time", () => new Response(null, { status: 429 }), { retryMs: 1_000, isRefused: true }],
    ["no answer", () => Promise.reject(new TypeError("reset")), { retryMs: 5_000, isRefused: false }],
    ["an error without a name", () => Response.json({ ok: false }), { retryMs: null, isRefused: true }],
  ])("that gets %s says whether to try again", async (_, answer, expected) => {
    const { api } = apiOf(answer);
    const call = api.call("chat.postMessage", {}, z.object({ ts: z.string() }));
    await expect(call).rejects.toMatchObject({ name: "PlatformError", ...expected });
  });
});

describe("a file", () => {
  test("is uploaded without the token, to the address that Slack has named", async () => {
    const { api, asked } = apiOf(() => new Response("OK"));
    await api.upload("https://files.slack.test/upload/v1/x", new Uint8Array([1, 2]));
    expect([asked[0]?.url, asked[0]?.headers.get("authorization")]).toEqual([
      "https://files.slack.test/upload/v1/x",
      null,
    ]);
    expect(new Uint8Array((await asked[0]?.arrayBuffer()) ?? [])).toEqual(new Uint8Array([1, 2]));
  });

  test.each([
    [500, { retryMs: 5_000, isRefused: false }],
    [400, { retryMs: null, isRefused: true }],
    [413, { retryMs: null, isRefused: true }],
    [302, { retryMs: null, isRefused: true }],
  ])("whose upload is answered with %d is refused, or tried again", async (status, expected) => {
    const { api } = apiOf(() => new Response(null, { status }));
    const upload = api.upload("https://files.slack.test/x", new Uint8Array());
    await expect(upload).rejects.toMatchObject({ name: "PlatformError", ...expected });
  });

  test.each([
    [
      "a page",
      () => new Response("<html>", { headers: { "content-type": "text/html" } }),
      "picture_type_not_supported",
    ],
    ["a redirect", () => new Response(null, { status: 302 }), "picture_type_not_supported"],
    ["too many bytes", () => new Response(new Uint8Array(LIMITS.uploadBytes + 1)), "url_too_large"],
  ])("that is %s is no picture for the bot", async (_, answer, code) => {
    const { api } = apiOf(answer);
    await expect(api.download("https://files.slack.test/x", never())).rejects.toMatchObject({ code });
  });

  test.each([
    [404, null],
    [503, 5_000],
  ])("that is answered with %d is asked for again after %s", async (status, retryMs) => {
    const { api } = apiOf(() => new Response(null, { status }));
    await expect(api.download("https://files.slack.test/x", never())).rejects.toMatchObject({ retryMs });
  });
});

test("nothing that is thrown has the token in it", async () => {
  for (const answer of [
    () => Promise.reject(new TypeError("xoxb-1111-2222-secret")),
    () => Response.json({ ok: false }),
  ]) {
    const error = await apiOf(answer)
      .api.call("auth.test", {}, Done)
      .catch((one: Error) => one);
    expect(String(error)).not.toContain("xoxb");
  }
});
