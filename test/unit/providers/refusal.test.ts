import { describe, expect, test } from "vitest";
import { ReplyTooLarge } from "../../../src/net/provider-fetch.ts";
import { canceledOrLate, refusal, unanswered } from "../../../src/providers/refusal.ts";

const refused = (status: number, headers: Record<string, string> = {}, body = "") =>
  refusal({ status, headers: new Headers(headers) }, body, 0);

describe("refusal", () => {
  test.each([
    [400, "rejected", "rejected the request: invalid input (400)", false],
    [401, "unauthorized", "rejected the request: invalid token (401)", false],
    [402, "unauthorized", "rejected the request: payment required (402)", false],
    [403, "unauthorized", "rejected the request: access denied (403)", false],
    [404, "not_found", "rejected the request: model or version not found (404)", false],
    [408, "http_error", "answered HTTP 408", true],
    [413, "rejected", "rejected the request: input too large (413)", false],
    [422, "rejected", "rejected the request: invalid input (422)", false],
    [429, "rate_limited", "rejected the request: rate limit reached (429)", true],
    [500, "http_error", "answered HTTP 500", true],
    [503, "not_ready", "is not ready (503)", true],
    [307, "http_error", "answered HTTP 307", false],
  ] as const)("of a %i is %s", (status, code, detail, retryable) => {
    expect(refused(status)).toMatchObject({ code, detail, retryable, retryAfterMs: null });
  });

  test("has the waiting time when the status may pass, and none when it does not", () => {
    expect(refused(429, { "retry-after": "3" }).retryAfterMs).toBe(3_000);
    expect(refused(429, {}, "Please try again in 20s").retryAfterMs).toBe(20_000);
    expect(refused(401, { "retry-after": "3" }).retryAfterMs).toBeNull();
  });

  test("blames the picture when the body of a 400, 415, 422 or 500 does, and no other status", () => {
    const body = "PIL.UnidentifiedImageError: cannot identify image file";
    for (const status of [400, 415, 422, 500])
      expect(refused(status, {}, body)).toMatchObject({ code: "invalid_picture", retryable: false });
    for (const status of [401, 404, 429, 503]) expect(refused(status, {}, body).code).not.toBe("invalid_picture");
  });

  test("keeps nothing of the body", () => {
    const error = refused(422, {}, "the post of a stranger");
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain("stranger");
  });
});

describe("unanswered", () => {
  test("is a network error when the call goes on", () => {
    const { signal } = new AbortController();
    expect(unanswered(signal, new TypeError("reset"))).toMatchObject({ code: "network", retryable: true });
    expect(unanswered(signal, new ReplyTooLarge(), true)).toMatchObject({ code: "invalid_output", retryable: false });
  });

  test.each([
    ["timeout", new DOMException("late", "TimeoutError")],
    ["canceled", undefined],
    ["canceled", new Error("the caller left")],
  ])("is %s when the call was aborted by %s", (code, reason) => {
    const signal = AbortSignal.abort(reason);
    expect(unanswered(signal, new ReplyTooLarge())).toMatchObject({ code, retryable: false });
    expect(canceledOrLate(signal)).toMatchObject({ code, retryable: false });
  });
});
