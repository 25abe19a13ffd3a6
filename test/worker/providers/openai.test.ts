import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import { openAiSend } from "../../../src/providers/openai.ts";
import { endlessHost } from "../../support/endless-host.ts";
import type { Fault } from "../../support/hosted/script.ts";
import { completion } from "../stages/chat-fixtures.ts";
import { question, schema, startChat, startChatHost } from "./chat-world.ts";
import { NOW, unbound } from "./start.ts";

describe("openAiSend", () => {
  test("sends one request with every field of the dialect", async () => {
    const world = await startChatHost([completion('{"caption":"a"}')]);
    const messages = [
      { role: "system" as const, content: "Look." },
      {
        role: "user" as const,
        content: [
          { type: "text" as const, text: "?" },
          { type: "image_url" as const, image_url: { url: "data:image/png;base64,AQID" } },
        ],
      },
    ];
    const reply = await startChat(world)({ messages, maximumTokens: 20, schema, alternatives: 5 }, unbound());
    expect(reply).toEqual({ text: '{"caption":"a"}', firstTokens: null, model: "chat-model-2026-10-01" });
    const calls = await world.session.calls();
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ path: "/chat/v1/chat/completions", headers: { authorization: "Bearer t0ken" } });
    expect(calls[0]?.body).toEqual({
      model: "m",
      messages,
      max_tokens: 20,
      temperature: 0,
      response_format: { type: "json_schema", json_schema: { ...schema, strict: true } },
      logprobs: true,
      top_logprobs: 5,
    });
  });

  test("sends no token when the endpoint has none", async () => {
    const world = await startChatHost([completion("a")]);
    await startChat(world, null)(question, unbound());
    const [call] = await world.session.calls();
    expect(call).toMatchObject({ path: "/chat/v1/chat/completions" });
    expect(call?.headers).not.toHaveProperty("authorization");
  });

  test("sends nothing when the endpoint's origin is not configured", async () => {
    const world = await startChatHost([completion("a")]);
    const elsewhere = { ...world, fetch: createProviderFetch(new Set(["https://elsewhere.example"])) };
    await expect(startChat(elsewhere)(question, unbound())).rejects.toMatchObject({ code: "network" });
    expect(await world.session.calls()).toEqual([]);
  });

  test.each([
    ["a content filter", { status: 400, body: '{"error":{"code":"content_filter"}}' }, "refused", false],
    ["a content policy", { status: 400, body: '{"error":{"code":"content_policy_violation"}}' }, "refused", false],
    ["an unknown token", { status: 401 }, "unauthorized", false],
    ["too many requests", { status: 429, headers: { "retry-after-ms": "1500" } }, "rate_limited", true],
    ["not ready", { status: 503 }, "not_ready", true],
    ["a redirect", { status: 302, headers: { location: "https://elsewhere.example/" } }, "http_error", false],
  ] as const)("throws a StageError after one request when the response is %s", async (_, status, code, retryable) => {
    const world = await startChatHost([completion("a")], {
      faults: { chat: Array<Fault>(5).fill({ kind: "status", ...status }) },
    });
    await expect(startChat(world)({ ...question, schema }, unbound())).rejects.toMatchObject({
      name: "StageError",
      code,
      retryable,
      changes: null,
    });
    expect(await world.session.calls()).toHaveLength(1);
  });

  test.each([
    [{ kind: "reset" }, "network"],
    [{ kind: "cut" }, "network"],
    [{ kind: "status", status: 200, body: "<html>" }, "unreadable"],
  ] as const)("throws a StageError after one request when the response fails with %j", async (fault, code) => {
    const world = await startChatHost([completion("a")], { faults: { chat: [fault] } });
    await expect(startChat(world)(question, unbound())).rejects.toMatchObject({ code, retryable: true });
    expect(await world.session.calls()).toHaveLength(1);
  });

  test.each([["silent"], ["stalled"]] as const)(
    "closes the connection when it is aborted while the response is %s",
    async (kind) => {
      const world = await startChatHost([completion("a")], { faults: { chat: [{ kind }] } });
      const late = new AbortController();
      const asked = startChat(world)(question, late.signal);
      await world.session.until((calls) => calls.length === 1);
      late.abort(new DOMException("late", "TimeoutError"));
      await expect(asked).rejects.toMatchObject({ code: "timeout" });
      await world.session.until(([first]) => first?.abandoned === true);
    },
  );

  test("throws a StageError when the response is longer than the limit", async () => {
    const { endpoint, fetch, bytesRead } = endlessHost();
    const send = openAiSend({ endpoint, token: null }, { fetch, clock: () => NOW });
    await expect(send({}, unbound())).rejects.toMatchObject({ name: "StageError", code: "invalid_output" });
    expect(bytesRead()).toBeLessThan(2 * LIMITS.replyBytes);
  });
});
