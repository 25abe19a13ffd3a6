import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { createProviderFetch, isAllowedEndpoint, isLoopback, unfitAsBase } from "../../../src/net/provider-fetch.ts";

test.each([
  ["https://models.example/x", true],
  ["http://127.0.0.1:8788/x", true],
  ["http://models.internal/x", false],
  ["https://elsewhere.example/x", false],
])(
  "createProviderFetch requests %s when its origin is configured and its scheme allowed: %s",
  async (address, allowed) => {
    const requests: RequestInit[] = [];
    const configured = new Set(["https://models.example", "http://127.0.0.1:8788", "http://models.internal"]);
    const providerFetch = createProviderFetch(configured, async (_url, init) => {
      requests.push(init);
      return new Response();
    });
    const answer = providerFetch(new URL(address), { method: "POST" });
    if (allowed) await answer;
    else await expect(answer).rejects.toThrow(TypeError);
    expect(requests.map(({ redirect }) => redirect)).toEqual(allowed ? ["manual"] : []);
  },
);

test("createProviderFetch ends a body in an error when it is longer than the limit", async () => {
  const answer = (length: number) =>
    createProviderFetch(new Set(["https://models.example"]), async () => new Response(new Uint8Array(length)))(
      new URL("https://models.example/"),
      {},
    );
  expect((await (await answer(LIMITS.replyBytes)).arrayBuffer()).byteLength).toBe(LIMITS.replyBytes);
  await expect((await answer(LIMITS.replyBytes + 1)).arrayBuffer()).rejects.toThrow(`${LIMITS.replyBytes} bytes`);
});

test.each([
  ["a short one", { "content-length": String(LIMITS.replyBytes) }, true],
  ["one that is too long", { "content-length": String(LIMITS.replyBytes + 1) }, false],
  ["that of a compressed body", { "content-length": "10", "content-encoding": "gzip" }, false],
  ["no number", { "content-length": "10, 10" }, false],
])("createProviderFetch relies on Content-Length, %s: %s %s", async (_, headers, relies) => {
  const response = new Response(new Uint8Array(LIMITS.replyBytes + 1), { headers: headers as Record<string, string> });
  const providerFetch = createProviderFetch(new Set(["https://models.example"]), async () => response);
  const answer = await providerFetch(new URL("https://models.example/"), {});
  if (relies) expect(answer).toBe(response);
  else await expect(answer.arrayBuffer()).rejects.toThrow(`${LIMITS.replyBytes} bytes`);
});

test.each([
  ["https://models.example/", true, false],
  ["http://localhost:1/", true, true],
  ["http://[::1]:1/", true, true],
  ["http://127.0.0.1/", true, true],
  ["http://models.example/", false, false],
  ["ftp://127.0.0.1/", false, true],
])("isAllowedEndpoint and isLoopback classify %s: %s, %s", (address, allowed, loopback) => {
  expect([isAllowedEndpoint(new URL(address)), isLoopback(new URL(address))]).toEqual([allowed, loopback]);
});

test.each([
  ["https://models.example/v1", null],
  ["https://user@models.example/", "have no user name or password in it"],
  ["https://models.example/?a=1", "have no query or fragment"],
  ["https://models.example/#a", "have no query or fragment"],
])("unfitAsBase says what %s must do: %s", (address, reason) => {
  expect(unfitAsBase(new URL(address))).toBe(reason);
});
