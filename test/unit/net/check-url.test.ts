import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { checkUrl, readUrl } from "../../../src/net/check-url.ts";
import { GuardError } from "../../../src/net/guard-error.ts";
import { isPublicHost } from "../../../src/net/public-host.ts";
import { findToken } from "../../../src/net/token-url.ts";
import { ALLOWED, CARRYING_TOKENS, REFUSED } from "../../support/hosts.ts";

const NOWHERE = { allowedOrigins: new Set<string>() };

/** The code with which a text is refused; null where it is read. */
function refusalOf(text: string, rules = NOWHERE): string | null {
  try {
    readUrl(text, rules);
    return null;
  } catch (error) {
    if (error instanceof GuardError) return error.code;
    throw error;
  }
}

describe("readUrl", () => {
  test.each(Object.entries(REFUSED))("refuses %s", (_, urls) => {
    expect(urls.map((url) => [url, refusalOf(url)])).toEqual(urls.map((url) => [url, "url_not_allowed"]));
  });

  test("reads a URL of the public internet, of at most so many characters", () => {
    expect(ALLOWED.map((url) => [url, refusalOf(url)])).toEqual(ALLOWED.map((url) => [url, null]));
    const longest = `https://example.com/${"a".repeat(LIMITS.addressLength - 20)}`;
    expect([refusalOf(longest), refusalOf(`${longest}a`)]).toEqual([null, "url_too_long"]);
  });

  test("refuses a token first, and says what to do instead where there is something", () => {
    for (const url of CARRYING_TOKENS) {
      expect([url, refusalOf(url)]).toEqual([url, "url_carries_token"]);
      expect(() => readUrl(url, NOWHERE)).toThrow(/[a-z]$/);
      expect(() => readUrl(url, { ...NOWHERE, instead: "send the bytes" })).toThrow(/; send the bytes$/);
    }
  });

  test("reads a URL of a configured origin, but none with credentials or a token", () => {
    const rules = { allowedOrigins: new Set(["http://127.0.0.1:8787"]) };
    expect(readUrl("http://127.0.0.1:8787/a", rules).href).toBe("http://127.0.0.1:8787/a");
    expect(refusalOf("http://user@127.0.0.1:8787/", rules)).toBe("url_not_allowed");
    expect(refusalOf("blob:http://127.0.0.1:8787/1", rules)).toBe("url_not_allowed");
    expect(refusalOf("http://127.0.0.1:8787/?access_token=a", rules)).toBe("url_carries_token");
  });

  test("whatever is put together, what it reads is https on port 443 of a public host", () => {
    const hostile = Object.values(REFUSED).flat();
    const urls = fc
      .tuple(
        fc.constantFrom("https://", "https:", "http://", "HTTPS:\\\\", "ftp://", ""),
        fc.constantFrom("", "", "user@", "a:b@"),
        fc.oneof(
          fc.constantFrom(
            ...[...hostile, ...ALLOWED].map((url) => url.replace(/^\w*:?[\\/]*/, "").replace(/\/.*$/, "")),
          ),
          fc.ipV4Extended(),
          fc.ipV6().map((address) => `[${address}]`),
          fc.domain(),
          fc.string({ maxLength: 12 }),
        ),
        fc.constantFrom("", "", ":443", ":80", ":8443"),
        fc.constantFrom("", "/", "/a?b=c", "/?access_token=x", "#@10.0.0.1/"),
      )
      .map((parts) => parts.join(""));
    let read = 0;
    fc.assert(
      fc.property(urls, (text) => {
        if (refusalOf(text) !== null) return;
        const url = readUrl(text, NOWHERE);
        read++;
        expect([url.protocol, url.port, url.username, url.password]).toEqual(["https:", "", "", ""]);
        expect([isPublicHost(url.hostname), findToken(url)]).toEqual([true, null]);
      }),
      { numRuns: 2_000 },
    );
    expect(read).toBeGreaterThan(50);
  });
});

test("checkUrl says of which URL it speaks", () => {
  const checked = () => checkUrl(new URL("http://example.com/"), NOWHERE, "redirects to a URL that ");
  expect(checked).toThrow(/redirects to a URL that is not https$/);
});
