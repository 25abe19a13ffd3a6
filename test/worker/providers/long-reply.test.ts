import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { createProviderFetch, type ProviderFetch } from "../../../src/net/provider-fetch.ts";
import { predict as predictByCog } from "../../../src/providers/cog.ts";
import { postJson } from "../../../src/providers/huggingface.ts";
import { openAiSend } from "../../../src/providers/openai.ts";
import { predict } from "../../../src/providers/replicate.ts";
import { NOW, unbound } from "./start.ts";

const ENDPOINT = new URL("https://models.test/v1");
const PART = new Uint8Array(1024 * 1024).fill(0x20);

/** A host that answers with white space without end, and how many bytes were taken of it. */
function endless(): { fetch: ProviderFetch; taken: () => number } {
  let taken = 0;
  const body = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        taken += PART.length;
        // Not for ever: without a limit this test is to fail, and not to hang.
        if (taken > 8 * LIMITS.replyBytes) controller.close();
        else controller.enqueue(PART.slice());
      },
    });
  return {
    taken: () => taken,
    fetch: createProviderFetch(new Set([ENDPOINT.origin]), async () => new Response(body())),
  };
}

const CALLS: Readonly<Record<string, (fetch: ProviderFetch) => Promise<unknown>>> = {
  replicate: (fetch) =>
    predict(
      { endpoint: ENDPOINT, token: "t0ken" },
      { version: "a".repeat(64) },
      {},
      { fetch, clock: () => NOW, chance: () => 0, sleep: async () => undefined },
      { signal: unbound(), deadline: NOW + 30_000, later: () => undefined },
    ),
  huggingface: (fetch) => postJson({ endpoint: ENDPOINT, token: null }, {}, { fetch, clock: () => NOW }, unbound()),
  openai: (fetch) => openAiSend({ endpoint: ENDPOINT, token: null }, { fetch, clock: () => NOW })({}, unbound()),
  cog: (fetch) =>
    predictByCog({ endpoint: ENDPOINT, model: "m", token: null }, {}, { fetch, clock: () => NOW }, unbound()),
};

describe("an answer without end", () => {
  test.each(Object.keys(CALLS))("of %s is not read past the limit, and is an error", async (provider) => {
    const { fetch, taken } = endless();
    await expect(CALLS[provider]?.(fetch)).rejects.toMatchObject({ name: "StageError", code: "network" });
    expect(taken()).toBeLessThanOrEqual(LIMITS.replyBytes + 4 * PART.length);
  });

  test("one at the limit is read", async () => {
    const bytes = new Uint8Array(LIMITS.replyBytes);
    const fetch = createProviderFetch(
      new Set([ENDPOINT.origin]),
      async () => new Response(bytes, { status: 201, headers: { "x-a": "b" } }),
    );
    const response = await fetch(ENDPOINT, {});
    expect([response.status, response.headers.get("x-a")]).toEqual([201, "b"]);
    expect((await response.arrayBuffer()).byteLength).toBe(bytes.length);
  });
});
