import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nameSpans } from "../../../../src/pipeline/text/name-span.ts";
import { unicode } from "../../../support/unicode.ts";

/** The names in a whole text that a model gave for one name. */
const names = (text: string, type = "ORG") =>
  nameSpans(text, { start: 0, end: text.length }, type).map(({ start, end }) => text.slice(start, end));

describe("nameSpans", () => {
  test.each([
    ["Eileen Collins's", "Eileen Collins"],
    ["Obama’s", "Obama"],
    ["NASA'll", "NASA"],
    ["the Beatles'", "the Beatles"],
    ["Houston-based", "Houston"],
    ["anti-Trump", "Trump"],
    ["Ex-Chelsea", "Chelsea"],
    ["→Paris❤", "Paris"],
    ["“Titanic”,", "Titanic"],
    ["Paris!", "Paris"],
    ["@ NASA", "NASA"],
    ["Donald Trump Jr .", "Donald Trump Jr"],
  ])("%s is the name %s", (text, expected) => {
    expect(names(text)).toEqual([expected]);
  });

  test.each([
    ..."McDonald's,Macy's,AT&T,Jay-Z,Rolls-Royce,U.S.,J.K. Rowling,O'Neal,Yahoo!,Disney+,Coca-Cola,Donald Trump Jr.".split(
      ",",
    ),
    "Yes (band)",
    "Ben & Jerry's",
    "Papa John's",
    "Stratford-upon-Avon",
    "Pro-Bowl",
  ])("%s stays whole", (text) => {
    expect(names(text)).toEqual([text]);
  });

  test("adds the end that belongs to a name, and takes it from a person", () => {
    const text = "Macy's parade";
    expect(nameSpans(text, { start: 0, end: 4 }, "ORG")).toEqual([{ start: 0, end: 6 }]);
    expect(names("Wendy's", "PER")).toEqual(["Wendy"]);
  });

  test.each(["\n", "\r\n", "\n\n", "\t", "   ", "\u2028", " \n "])("splits at %j", (space) => {
    expect(names(`Boston${space}Chicago`)).toEqual(["Boston", "Chicago"]);
  });

  test("splits where a hashtag touches the name before it", () => {
    expect(names("NewYork#London")).toEqual(["NewYork", "London"]);
  });

  test("keeps two spaces inside a name", () => {
    expect(names("Tom  Hanks")).toEqual(["Tom  Hanks"]);
  });

  test("gives spans in order that begin and end with a letter or a mark of the name, for any text", () => {
    fc.assert(
      fc.property(unicode, (text) => {
        let read = 0;
        for (const { start, end } of nameSpans(text, { start: 0, end: text.length }, "ORG")) {
          expect(start).toBeGreaterThanOrEqual(read);
          expect(end).toBeGreaterThan(start);
          expect(text.slice(start, end)).toMatch(/^[\p{L}\p{N}]/u);
          read = end;
        }
      }),
    );
  });
});
