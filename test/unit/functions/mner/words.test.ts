import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BREAK, wordsOf, wordsOfTokens } from "../../../../functions/mner/words.ts";

const texts = (text: string) => wordsOf(text).map((word) => word.text);

describe("wordsOf", () => {
  test("gives slices of the text in order that leave out white space alone, in any Unicode", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(
            fc.string({ unit: "binary", maxLength: 3 }),
            fc.constantFrom(" ", "@", "#", "_", "\ud83d", "👩‍🚀", "é"),
          ),
        }),
        (text) => {
          let end = 0;
          for (const word of wordsOf(text)) {
            expect(word.start === word.end ? BREAK : text.slice(word.start, word.end)).toBe(word.text);
            expect(text.slice(end, word.start)).toMatch(/^[\s\p{M}]*$/u);
            expect(word.start).toBeGreaterThanOrEqual(end);
            end = word.end;
          }
          expect(text.slice(end)).toMatch(/^[\s\p{M}]*$/u);
        },
      ),
    );
  });

  test.each([
    ["Collins's NASA'll Obama’s don't", ["Collins", "'s", "NASA", "'ll", "Obama", "’s", "don't"]],
    [
      "Houston-based anti-Trump Trump-Biden US-China",
      "Houston - based anti - Trump Trump - Biden US - China".split(" "),
    ],
    ["Jay-Z Pac-12 T-Mobile Jong-un Rolls-Royce", ["Jay-Z", "Pac-12", "T-Mobile", "Jong-un", "Rolls-Royce"]],
    ["Stratford-upon-Avon Aix-en-Provence", ["Stratford-upon-Avon", "Aix-en-Provence"]],
    ["AT&T U.S. J.K. O'Neal Rome.Great", ["AT&T", "U.S", ".", "J.K", ".", "O'Neal", "Rome", ".", "Great"]],
    ["https://t.co/x,Name http://a.b/c?d=e", ["https://t.co/x", ",", "Name", "http://a.b/c?d=e"]],
    ["me@home.com @NASA's #NewYork", ["me", "@", "home.com", "@NASA", "'s", "#NewYork"]],
    ["no.........!!!!", ["no", ".........!!!!"]],
    ["Paris!!", ["Paris", "!", "!"]],
  ])("splits %j", (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  test.each(["\n", "\r\n", "\t", "\n\n", "   ", "\u2028"])("puts the end of a line where %j is", (space) => {
    expect(texts(`Boston${space}Chicago`)).toEqual(["Boston", BREAK, "Chicago"]);
    expect(texts("Boston  Chicago")).toEqual(["Boston", "Chicago"]);
  });

  test.each([
    [
      "keeps a handle and a hashtag whole",
      "RT @NASA_Hubble: #DeepField!",
      ["RT", "@NASA_Hubble", ":", "#DeepField", "!"],
    ],
    ["keeps a URL whole", "see https://t.co/a1?b=c www.a.b/Rome", ["see", "https://t.co/a1?b=c", "www.a.b/Rome"]],
    [
      "keeps marks between letters inside a word",
      "AT&T can't, Jay-Z U.S.",
      ["AT&T", "can't", ",", "Jay-Z", "U.S", "."],
    ],
    ["separates emoji from letters", "Messi⚽️wins🏆", ["Messi", "⚽", "wins", "🏆"]],
    ["keeps combining marks with their letters", "Beyonce\u0301 rocks", ["Beyonce\u0301", "rocks"]],
    ["takes a mark that stands alone for a word", "@ home # 1", ["@", "home", "#", "1"]],
  ])("%s", (_, text, expected) => {
    expect(texts(text)).toEqual(expected);
  });
});

describe("wordsOfTokens", () => {
  test("joins a handle that was split, and covers whole tokens with every word", () => {
    expect(wordsOfTokens(["RT", "@", "marty", "_", "walsh", ":", "@", "!"]).map(({ text }) => text)).toEqual([
      "RT",
      "@marty_",
      "walsh",
      ":",
      "@",
      "!",
    ]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom("@", "_", "name", "Köln", "!", "👩‍🚀"), { minLength: 1 }), (tokens) => {
        const text = tokens.join(" ");
        const starts = new Set(tokens.map((_, index) => tokens.slice(0, index).join(" ").length + (index > 0 ? 1 : 0)));
        for (const { start, end, text: word } of wordsOfTokens(tokens)) {
          expect(starts.has(start)).toBe(true);
          expect(end === text.length || text[end] === " ").toBe(true);
          expect(text.slice(start, end).replaceAll(" ", "")).toBe(word);
        }
      }),
    );
  });
});
