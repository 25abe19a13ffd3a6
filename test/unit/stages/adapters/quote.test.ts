import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainWords, quote } from "../../../../src/stages/adapters/quote.ts";

describe("quote", () => {
  test("writes JSON that parses to the same text, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(JSON.parse(quote(text))).toBe(text);
      }),
    );
  });

  test.each(["<", ">", "`", "|", "[", "]", "\n", "\u202e", "\u2028", "\u{e0041}"])(
    "escapes %j, which could end the quotation or hide text",
    (character) => {
      expect(quote(`a${character}b`)).toMatch(/^"a(?:\\u[0-9a-f]{4}|\\n)+b"$/);
    },
  );
});

describe("plainWords", () => {
  test.each<[text: string, words: string | null]>([
    ["a woman in an orange suit", "a woman in an orange suit"],
    ["  a woman\n in   an orange suit ", "a woman in an orange suit"],
    ['un café à Zürich, 1:0 (2.5 km) – "Mom\'s" & 北京', 'un café à Zürich, 1:0 (2.5 km) – "Mom\'s" & 北京'],
    ["an astronaut 👩‍🚀", "an astronaut 👩‍🚀"],
    ["a\u200b wo\u00adman", "a woman"],
    ["", null],
    ["\u200b", null],
    ["x".repeat(101), null],
    ["see https://evil.example", null],
    ["see hxxp://evil", null],
    ["see www.evil.example", null],
    ["see evil.example/login", null],
    ["[here](evil)", null],
    ["<b>a woman</b>", null],
    ["`rm`", null],
    ["{{7*7}}", null],
    ["a | b", null],
    ["a\u0000b", null],
    ["a \u202enamow", null],
    ["a \u{e0041}", null],
    ["a \ud800", null],
    ["the Booking.com logo of St. Louis, U.S.", "the Booking.com logo of St. Louis, U.S."],
    ["at: a sign 10:30", "at: a sign 10:30"],
    ["see evil．com／x", null],
    ["see evil.com?x=1", null],
    ["see evil.com:8080", null],
    ["javascript:alert(1)", null],
    ["write mailto:a@b.com", null],
    ["a (DATA:text/html,x)", null],
    ["a tg:resolve", null],
    ["a &lt;b&gt;", null],
    ["a &#60;b", null],
  ])("%j becomes %j", (text, words) => {
    expect(plainWords(text, 100)).toBe(words);
  });
});
