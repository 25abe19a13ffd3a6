import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findToken } from "../../../src/net/token-url.ts";
import { ALLOWED, CARRYING_TOKENS } from "../../support/hosts.ts";

const telegram = `123456789:AA${"x".repeat(33)}`;

describe("findToken", () => {
  test.each(CARRYING_TOKENS)("finds the token of %s", (url) => {
    expect(findToken(new URL(url))).toMatch(/token/);
  });

  test.each(ALLOWED)("finds none in %s", (url) => {
    expect(findToken(new URL(url))).toBeNull();
  });

  test.each([
    [`https://api.telegram.org/file/bot${telegram}/a.jpg`, "carries a Telegram bot's token"],
    ["https://files.slack.com/files-pri/T1-F1/a.png", "opens only with a Slack app's token"],
    ["https://discord.com/api/webhooks/1/a", "carries a Discord webhook's token"],
    ["https://example.com/?access_token=a", "carries an access token"],
    [`https://example.com/?key=${"r8"}_${"A".repeat(37)}`, "carries an API token"],
  ])("names the kind of token in %s", (url, detail) => {
    expect(findToken(new URL(url))).toBe(detail);
  });

  test("finds a token wherever it is, percent-encoded or not", () => {
    const places = ["https://example.com/TOKEN", "https://example.com/?a=TOKEN&b=1", "https://example.com/a#TOKEN"];
    const encoded = fc
      .array(fc.boolean(), { minLength: telegram.length, maxLength: telegram.length })
      .map((flags) =>
        [...telegram]
          .map((sign, index) => (flags[index] ? `%${sign.charCodeAt(0).toString(16).padStart(2, "0")}` : sign))
          .join(""),
      );
    fc.assert(
      fc.property(fc.constantFrom(...places), encoded, (place, token) => {
        expect(findToken(new URL(place.replace("TOKEN", token)))).toBe("carries a Telegram bot's token");
      }),
    );
  });

  test("does not throw for percent-encoded bytes that are not UTF-8", () => {
    expect(findToken(new URL("https://example.com/%ff%C0%80.png"))).toBeNull();
  });
});
