import { describe, expect, test } from "vitest";
import { GuardError } from "../../../src/net/guard-error.ts";
import { guardedFetch } from "../../../src/net/guarded-fetch.ts";
import { ALLOWED, CARRYING_TOKENS, REFUSED } from "../../support/hosts.ts";

const options = { maximumBytes: 1_000, timeoutMs: 1_000, timer: () => new AbortController().signal };
const signal = new AbortController().signal;

/** Fails when anything is requested. */
const unreached = () => Promise.reject(new Error("was reached"));
const code = (url: string) =>
  guardedFetch(url, { ...options, signal, fetch: unreached }).catch((error: unknown) =>
    error instanceof GuardError ? error.code : error,
  );

describe("guardedFetch with workerd's URL parser", () => {
  test.each(Object.entries(REFUSED))("refuses %s", async (_, urls) => {
    for (const url of urls) expect([url, await code(url)]).toEqual([url, "url_not_allowed"]);
  });

  test("refuses URLs that carry tokens, and requests public ones", async () => {
    for (const url of CARRYING_TOKENS) expect([url, await code(url)]).toEqual([url, "url_carries_token"]);
    for (const url of ALLOWED) expect([url, await code(url)]).toEqual([url, "url_unreachable"]);
  });
});

describe("guardedFetch with workerd's fetch and streams", () => {
  test("sends a request that workerd accepts", async () => {
    const sent: Request[] = [];
    const fetch = async (url: URL, init: RequestInit) => {
      sent.push(new Request(url, init));
      return new Response("bytes");
    };
    const { bytes } = await guardedFetch("https://example.com/a.png", { ...options, signal, fetch });
    expect(new TextDecoder().decode(bytes)).toBe("bytes");
    expect(sent.map(({ method, redirect, url }) => [method, redirect, url])).toEqual([
      ["GET", "manual", "https://example.com/a.png"],
    ]);
  });

  test("closes the pipe when a body stalls until the timeout", async () => {
    const timeout = new AbortController();
    const pipe = new IdentityTransformStream();
    const writer = pipe.writable.getWriter();
    const fetched = guardedFetch("https://example.com/a.png", {
      ...options,
      signal,
      timer: () => timeout.signal,
      fetch: async () => new Response(pipe.readable),
    });
    const refused = expect(fetched).rejects.toMatchObject({ code: "url_too_slow" });
    await writer.write(new Uint8Array(10));
    timeout.abort();
    await refused;
    await expect(writer.write(new Uint8Array(10))).rejects.toThrow();
  });
});
