import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import { endlessHost } from "../../support/endless-host.ts";

test("reads a response to its end when it is as long as the limit", async () => {
  const endpoint = new URL("https://models.test/v1");
  const bytes = new Uint8Array(LIMITS.replyBytes);
  const fetch = createProviderFetch(
    new Set([endpoint.origin]),
    async () => new Response(bytes, { status: 201, headers: { "x-a": "b" } }),
  );
  const response = await fetch(endpoint, {});
  expect([response.status, response.headers.get("x-a")]).toEqual([201, "b"]);
  expect((await response.arrayBuffer()).byteLength).toBe(bytes.length);
});

test("stops reading a response when it is longer than the limit", async () => {
  const { endpoint, fetch, bytesRead } = endlessHost();
  await expect(fetch(endpoint, {}).then((response) => response.text())).rejects.toThrow();
  expect(bytesRead()).toBeLessThan(2 * LIMITS.replyBytes);
});
