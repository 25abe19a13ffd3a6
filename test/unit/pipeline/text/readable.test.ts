import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readable } from "../../../../src/pipeline/text/readable.ts";
import { unicode } from "../../../support/unicode.ts";

const plain = (text: string) => readable(text, null).text;
/** The slice of a text that stands for a piece of its readable form. */
function original(text: string, piece: string): string {
  const read = readable(text, null);
  const start = read.text.indexOf(piece);
  const span = read.spanOf(start, start + piece.length);
  return text.slice(span.start, span.end);
}

describe("readable", () => {
  test.each([
    ["Johnson &amp; Johnson", "Johnson & Johnson"],
    ["&quot;Titanic&quot; O&#39;Neal O&#x27;Neal &amp;#39;", "\"Titanic\" O'Neal O'Neal '"],
    ["Beyonc&eacute; &amp;amp; S&atilde;o&nbsp;Paulo", "Beyoncé & São Paulo"],
    ["AT&T; R&B; &nothing; &#0; &#xD800; a&b", "AT&T; R&B; &nothing; &#0; &#xD800; a&b"],
    ["Ei\u00adleen Lon\u200bdon \u200eMerkel\u200e Col\u2060lins", "Eileen London Merkel Collins"],
    ["ＮＡＳＡ 𝓔𝓲𝓵𝓮𝓮𝓷 𝗡𝗲𝘄 Steﬀi", "NASA Eileen New Steffi"],
    ["Ⓟⓐⓡⓘⓢ 🅿🅰🆁🅸🆂 🄿🄰🅁🄸🅂 ᴘᴀʀɪꜱ", "Paris PARIS PARIS paris"],
    ["Paris🅿️ Ⓜ", "Paris🅿 Ⓜ"],
    ["1️⃣Paris #⃣Rome", "•Paris •Rome"],
    ["Paris❤️ 👩‍🚀Collins", "Paris❤ 👩🚀Collins"],
    ["می‌خواهم क्‍ष", "می‌خواهم क्‍ष"],
    ["Boston&NewLine;Chicago&Tab;x Johnson &amp Johnson", "Boston\nChicago\tx Johnson & Johnson"],
    ["Collinsʼs ＃Paris ＠NASA！", "Collins’s #Paris @NASA!"],
    ["½ ™ … ① ﷲ", "½ ™ … ① الله"],
  ])("reads %j as %j", (text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  test.each([
    ["x Johnson &amp; Johnson y", "Johnson & Johnson", "Johnson &amp; Johnson"],
    ["by \u200eEi\u00adleen\u200e!", "Eileen", "Ei\u00adleen"],
    ["𝓔𝓲𝓵 x", "Eil", "𝓔𝓲𝓵"],
    ["Steﬀi", "Stef", "Steﬀ"],
    ["1️⃣Paris", "Paris", "Paris"],
  ])("%j: %j stands at %j", (text, piece, expected) => {
    expect(original(text, piece)).toBe(expected);
  });

  test("leaves a text as it came that would grow beyond the limit of texts", () => {
    const text = `Paris ${"ﷺ".repeat(560)}`;
    expect(readable(text, null).text).toBe(text);
  });

  test("reads tokens one by one, and leaves none empty", () => {
    const tokens = ["Johnson", "&amp;", "Johnson", "\ufe0f", "ＮＡＳＡ"];
    const read = readable(tokens.join(" "), tokens);
    expect(read.tokens).toEqual(["Johnson", "&", "Johnson", "\ufe0f", "NASA"]);
    expect(read.text).toBe(read.tokens?.join(" "));
    expect(read.spanOf(0, 17)).toEqual({ start: 0, end: 21 });
  });

  test("gives spans inside the text that never cut a character, and is its own readable form, for any text", () => {
    fc.assert(
      fc.property(unicode, fc.nat(), fc.nat(), (text, a, b) => {
        const read = readable(text, null);
        if (read.text === "") return;
        const from = a % read.text.length;
        const to = from + 1 + (b % (read.text.length - from));
        const { start, end } = read.spanOf(from, to);
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  test("costs one search where the text is plain", () => {
    const text = "Eileen Collins's suit is orange — naïve.";
    expect(readable(text, null)).toMatchObject({ text, tokens: null });
  });
});
