import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { retryAfterMs } from "../../../src/net/retry-after.ts";

const NOW = Date.UTC(2026, 10, 24, 12);

describe("retryAfterMs", () => {
  // Headers and error texts in use (docs/reference/hosted-models.md, "Errors and waiting").
  test.each<[Record<string, string>, string, number | null]>([
    [{ "retry-after": "7" }, "", 7_000],
    [{ "retry-after": "0" }, "", 0],
    [{ "retry-after": "1.5" }, "", 1_500],
    [{ "retry-after": new Date(NOW + 9_000).toUTCString() }, "", 9_000],
    [{ "retry-after": new Date(NOW - 9_000).toUTCString() }, "", 0],
    [{ "retry-after-ms": "250", "retry-after": "7" }, "", 250],
    [{ "ratelimit-remaining": "0", "ratelimit-reset": "30" }, "", 30_000],
    [{ "x-ratelimit-reset-requests": "6m0s" }, "", 360_000],
    [{ "x-ratelimit-reset-requests": "250ms" }, "", 250],
    [{ "x-ratelimit-reset-requests": "1h2m3.5s" }, "", 3_723_500],
    [{ "x-ratelimit-reset": String((NOW + 4_000) / 1000) }, "", 4_000],
    [{ "x-ratelimit-reset": String(NOW + 4_000) }, "", 4_000],
    [{ "retry-after": "soon", "ratelimit-reset": "3" }, "", 3_000],
    [{}, '{"detail":"Request was throttled. Your rate limit resets in ~30s."}', 30_000],
    [{}, "Expected available in 12 seconds.", 12_000],
    [{}, "Please try again in 1.5 seconds", 1_500],
    [{}, "Rate limit reached. Please try again in 6m0s. Visit the limits page", 360_000],
    [{}, "Please try again in 1m12.5s.", 72_500],
    [{}, "Please retry after 20s", 20_000],
    [{}, "try again in 880ms", 880],
    [{}, "try again in 2 minutes", 120_000],
    [{}, "try again in 1 hour", 3_600_000],
    [{}, "try again later", null],
    [{}, "You asked 30 times. Try again tomorrow, or wait for 3 moons.", null],
    [{ "ratelimit-reset": "30" }, "", 30_000],
    [{}, "Please try again in 20ms.", 20],
    [{}, "retry after 2 minutes", 120_000],
    [{}, "Rate limit reached: 600 requests per minute", null],
    [{ "retry-after": "soon" }, "", null],
    [{}, "", null],
  ])("reads a waiting time when the headers are %j and the text is %j: %s ms", (headers, body, expected) => {
    expect(retryAfterMs(new Headers(headers), body, NOW)).toBe(expected);
  });

  test("returns null or whole milliseconds that are not negative, whatever it is given", () => {
    const values = fc.oneof(fc.string(), fc.integer().map(String), fc.double({ noNaN: true }).map(String));
    fc.assert(
      fc.property(values, fc.string(), (value, body) => {
        const headers = new Headers();
        try {
          headers.set("retry-after", value);
        } catch {
          // The value is one that no header can have.
        }
        const wait = retryAfterMs(headers, body, NOW);
        expect(wait === null || (Number.isInteger(wait) && wait >= 0)).toBe(true);
      }),
    );
  });
});
