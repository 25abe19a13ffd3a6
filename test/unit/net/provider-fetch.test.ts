import { expect, test } from "vitest";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";

test.each([
  ["https://models.example/x", true],
  ["http://127.0.0.1:8788/x", true],
  ["http://models.internal/x", false],
  ["https://elsewhere.example/x", false],
])("asks %s when its origin is configured and its scheme allowed: %s", async (address, asked) => {
  const seen: Array<RequestInit> = [];
  const configured = new Set(["https://models.example", "http://127.0.0.1:8788", "http://models.internal"]);
  const providerFetch = createProviderFetch(configured, async (_url, init) => {
    seen.push(init);
    return new Response();
  });
  const answer = providerFetch(new URL(address), { method: "POST" });
  if (asked) await answer;
  else await expect(answer).rejects.toThrow(TypeError);
  expect(seen.map(({ redirect }) => redirect)).toEqual(asked ? ["manual"] : []);
});
