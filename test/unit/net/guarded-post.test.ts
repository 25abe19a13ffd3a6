import { describe, expect, test } from "vitest";
import { toUtf8 } from "../../../schemas/encodings.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { GuardError } from "../../../src/net/guard-error.ts";
import { guardedPost, postRefusal, whyNotAllowed } from "../../../src/net/guarded-post.ts";
import { countedStream } from "../../support/guarded-network.ts";
import { ALLOWED, CARRYING_TOKENS, REFUSED } from "../../support/hosts.ts";

const HOOK = "https://example.com/hook?key=s3cret";
const NOW = Date.UTC(2026, 10, 26);
const MESSAGE = { body: toUtf8("{}"), headers: { "webhook-id": "msg_1", "content-type": "text/plain" } };

/** A network in which every URL answers so, and what was sent to it. */
function network(answer: (init: RequestInit) => Promise<Response>) {
  const sent: Array<{ url: string; init: RequestInit }> = [];
  const timers: number[] = [];
  const timeout = new AbortController();
  const post = (url = HOOK, allowedOrigins: ReadonlySet<string> = new Set()) =>
    guardedPost(url, MESSAGE, {
      fetch: (target, init) => {
        sent.push({ url: target.href, init });
        return answer(init);
      },
      allowedOrigins,
      timer: (milliseconds) => {
        timers.push(milliseconds);
        return timeout.signal;
      },
      clock: () => NOW,
    });
  return { sent, timers, timeout, post };
}
const answering = (response: () => Response) => network(async () => response());

/** The error of a post that must fail. No part of the URL may be in it. */
async function refusal(posted: Promise<unknown>): Promise<GuardError> {
  const error: unknown = await posted.then(
    () => new Error("was not refused"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof GuardError)) throw error;
  expect(error.message).not.toMatch(/s3cret|example|:\/\//);
  return error;
}

describe("guardedPost", () => {
  test.each(Object.entries(REFUSED))("sends nothing when the URL is refused: %s", async (_, urls) => {
    for (const url of urls) {
      const { sent, post } = answering(() => new Response());
      expect([url, (await refusal(post(url))).code, sent]).toEqual([url, "url_not_allowed", []]);
    }
  });

  test("sends no token", async () => {
    for (const url of CARRYING_TOKENS) {
      const { sent, post } = answering(() => new Response());
      expect([url, (await refusal(post(url))).code, sent]).toEqual([url, "url_carries_token", []]);
    }
  });

  test("sends to a configured origin, and to no other of this machine", async () => {
    const { sent, post } = answering(() => new Response());
    const allowed = new Set(["http://127.0.0.1:8787"]);
    await post("http://127.0.0.1:8787/hook", allowed);
    expect((await refusal(post("http://127.0.0.1:8788/hook", allowed))).code).toBe("url_not_allowed");
    expect(sent.map(({ url }) => url)).toEqual(["http://127.0.0.1:8787/hook"]);
  });

  test("is one POST of JSON that follows no redirect, with 15 s for everything", async () => {
    const { sent, timers, post } = answering(() => new Response(null, { status: 204 }));
    expect(await post()).toEqual({ status: 204, retryAfterMs: null });
    const { signal, ...init } = sent[0]?.init ?? {};
    expect([sent.length, init, timers, signal?.aborted]).toEqual([
      1,
      {
        method: "POST",
        headers: { "webhook-id": "msg_1", "content-type": "application/json", "user-agent": "Namesight" },
        body: MESSAGE.body,
        redirect: "manual",
      },
      [15_000],
      false,
    ]);
  });

  test("returns a redirect as the answer, and its body unread", async () => {
    const { record, body } = countedStream(new Uint8Array(10), 5);
    const { sent, post } = answering(() => new Response(body, { status: 307, headers: { location: "/elsewhere" } }));
    expect(await post()).toEqual({ status: 307, retryAfterMs: null });
    expect([sent.length, record]).toEqual([1, { pulls: 0, cancelled: true }]);
  });

  test.each([
    ["120", 120_000],
    [new Date(NOW + 5_000).toUTCString(), 5_000],
    ["soon", null],
  ])("returns how long Retry-After %j is", async (value, milliseconds) => {
    const { post } = answering(() => new Response("busy", { status: 503, headers: { "retry-after": value } }));
    expect(await post()).toEqual({ status: 503, retryAfterMs: milliseconds });
  });

  test("throws when the host cannot be reached, and when it does not answer in time", async () => {
    const down = network(async () => {
      throw new TypeError(`connect ECONNREFUSED ${HOOK}`);
    });
    expect(await refusal(down.post())).toMatchObject({ code: "url_unreachable", detail: "cannot be reached" });
    const silent = network(
      (init) => new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
    );
    const posted = refusal(silent.post());
    silent.timeout.abort();
    expect(await posted).toMatchObject({ code: "url_too_slow", detail: "did not answer within 15000 ms" });
  });
});

describe("whyNotAllowed", () => {
  test("says of each URL that is refused why, and of no other anything", () => {
    const reasons = (urls: readonly string[]) => urls.map((url) => [url, whyNotAllowed(url, new Set())]);
    for (const urls of [...Object.values(REFUSED), CARRYING_TOKENS]) {
      for (const [url, reason] of reasons(urls))
        expect([url, reason]).toEqual([url, expect.stringMatching(/^\w.+\w$/)]);
    }
    expect(reasons(ALLOWED)).toEqual(ALLOWED.map((url) => [url, null]));
    expect(whyNotAllowed("http://127.0.0.1:1/", new Set(["http://127.0.0.1:1"]))).toBeNull();
  });

  test.each([
    ["http://example.com/", "https"],
    ["https://example.com:8443/", 443],
    [`https://example.com/${"a".repeat(LIMITS.addressLength)}`, LIMITS.addressLength],
    ["https://127.0.0.1/", undefined],
  ])("says what would be allowed (%#)", (url, limit) => {
    expect(postRefusal(url, new Set())?.limit).toBe(limit);
  });
});
