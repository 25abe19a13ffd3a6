import { describe, expect, test } from "vitest";
import { GuardError } from "../../../src/net/guard-error.ts";
import { guardedFetch } from "../../../src/net/guarded-fetch.ts";
import { ALLOWED, CARRYING_TOKENS, REFUSED } from "../../support/hosts.ts";

const options = { maximumBytes: 1_000, timeoutMs: 1_000, timer: () => new AbortController().signal };
const signal = new AbortController().signal;

/** A network that must not be reached. */
const unreached = () => Promise.reject(new Error("was reached"));
const code = (url: string) =>
  guardedFetch(url, { ...options, signal, fetch: unreached }).catch((error: unknown) =>
    error instanceof GuardError ? error.code : error,
  );

describe("workerd's own URL parser", () => {
  test.each(Object.entries(REFUSED))("%s is refused", async (_, urls) => {
    for (const url of urls) expect([url, await code(url)]).toEqual([url, "url_not_allowed"]);
  });

  test("a token is refused, and the public internet is not", async () => {
    for (const url of CARRYING_TOKENS) expect([url, await code(url)]).toEqual([url, "url_carries_token"]);
    for (const url of ALLOWED) expect([url, await code(url)]).toEqual([url, "url_unreachable"]);
  });
});

describe("workerd's own fetch and streams", () => {
  test("the request is one that workerd takes", async () => {
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

  test("an answer that stops half-way ends with the time, and its pipe is closed", async () => {
    const late = new AbortController();
    const pipe = new IdentityTransformStream();
    const writer = pipe.writable.getWriter();
    const fetched = guardedFetch("https://example.com/a.png", {
      ...options,
      signal,
      timer: () => late.signal,
      fetch: async () => new Response(pipe.readable),
    });
    const refused = expect(fetched).rejects.toMatchObject({ code: "url_too_slow" });
    await writer.write(new Uint8Array(10));
    late.abort();
    await refused;
    await expect(writer.write(new Uint8Array(10))).rejects.toThrow();
  });
});
