import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BREAK, wordsOf } from "../../../functions/mner/words.ts";
import { unicode } from "../../support/unicode.ts";

const texts = (text: string) => wordsOf(text).map((word) => word.text);

describe("wordsOf", () => {
  test.each([
    ["Collins's NASA'll Obama’s don't", ["Collins", "'s", "NASA", "'ll", "Obama", "’s", "don't"]],
    [
      "Houston-based anti-Trump Trump-Biden US-China",
      "Houston - based anti - Trump Trump - Biden US - China".split(" "),
    ],
    ["Jay-Z Pac-12 T-Mobile Jong-un", ["Jay-Z", "Pac-12", "T-Mobile", "Jong-un"]],
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

  test("gives slices of the text, in order, without overlap, for any text", () => {
    fc.assert(
      fc.property(unicode, (text) => {
        let read = 0;
        for (const { text: word, start, end } of wordsOf(text)) {
          expect(start).toBeGreaterThanOrEqual(read);
          expect(start === end ? BREAK : text.slice(start, end)).toBe(word);
          read = end;
        }
      }),
    );
  });
});
