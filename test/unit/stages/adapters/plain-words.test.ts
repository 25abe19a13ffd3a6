import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainWords } from "../../../../src/stages/adapters/plain-words.ts";

describe("plainWords", () => {
  test.each<[text: string, words: string | null]>([
    ["a woman in an orange suit", "a woman in an orange suit"],
    ["@everyone", "everyone"],
    ["@\u200beveryone and @\u200dhere, ＠all", "everyone and here, all"],
    ["a fan of #MeToo and ##all", "a fan of MeToo and all"],
    ["the #1 in C# by M@rk @ home", "the #1 in C# by M@rk @ home"],
    ["**bold**", "bold"],
    ["__a__ ~~red~~ *and* ***blue*** _flag_ of snake_case", "a red and blue flag of snake_case"],
    ["# a woman", "a woman"],
    ["> - a woman", "a woman"],
    ["@#everyone", null],
    ["***", null],
    ["@", null],
    ["!?", null],
    ["//evil.com", null],
    ["see //evil.com/x", null],
    ["evil。example", null],
    ["evil｡example", null],
    ["evil．example", null],
    ["モーニング娘。 on a stage", "モーニング娘。 on a stage"],
    ["write to bob@evil.example", null],
    ["java\u200bscript:alert(1)", null],
    ["[x](y)", null],
    ["<b>", null],
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

  test("gives words that stay as they are, so that cached ones can be checked again", () => {
    const piece = fc.constantFrom(
      "@",
      "#",
      "*",
      "_",
      "~~",
      "a",
      "b c",
      ".",
      "。",
      "/",
      ":",
      "\u200b",
      "\u200d",
      "> ",
      "é",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const words = plainWords(pieces.join(""), 100);
        if (words !== null) expect(plainWords(words, 100)).toBe(words);
      }),
      { numRuns: 2_000 },
    );
  });
});
