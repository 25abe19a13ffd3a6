import { expect, test } from "vitest";
import { paragraphOf } from "../../../src/stages/caption/paragraph.ts";
import { locateNames } from "../../../src/stages/mner/locate-names.ts";
import { maskOfCoco, readingsOfStarts } from "../../../src/stages/replies/read-mask.ts";

/**
 * A host may send megabytes of one character, or a picture talk a model into it: the square of that would end the
 * isolate, and here the test's time.
 */
const LONG = 300_000;

test.each([
  ["underscores in a word", `a${"_".repeat(LONG)}b`],
  ["closing brackets", `a${")".repeat(LONG)}`],
  ["closing quotation marks behind each other's sentence", `${'."'.repeat(LONG)} a`],
  ["empty lines", `a${"\n".repeat(LONG)}b`],
  ["lines of white space", `a${"\n\t".repeat(LONG)}b`],
  ["marks of a list", `${"- ".repeat(LONG)}a`],
  ["marks of headings", `${"#".repeat(LONG)}a`],
  ["asterisks", `a${"*".repeat(LONG)}b`],
])("a caption of %s is read in time", (_, reply) => {
  let read: unknown;
  try {
    read = paragraphOf(reply);
  } catch (error) {
    read = error;
  }
  expect(read).toSatisfy(
    (value) => typeof value === "string" || (value as { code?: string }).code === "invalid_output",
  );
});

test("emphasis is dropped, and an underscore in a word is not", () => {
  expect(paragraphOf("**A** _red_ __bus__ of snake_case, and a __half one.")).toBe(
    "A red bus of snake_case, and a half one.",
  );
});

test("a name that is listed without end is located in time", () => {
  const listed = Array.from({ length: LONG }, () => ({ text: "Bob", type: "PER" }));
  expect(locateNames("Bob is Bob", listed, null)).toHaveLength(2);
});

test.each([
  ["numbers", () => maskOfCoco([2048, 2048], Array<number>(2048 * 2048).fill(1))],
  ["a text", () => maskOfCoco([2048, 2048], "1".repeat(2048 * 2048))],
  [
    "starts and lengths",
    () =>
      readingsOfStarts(
        Array.from({ length: 2048 * 2048 }, (_, at) => (at % 2 === 0 ? at : 1)),
        { width: 2048, height: 2048 },
      ),
  ],
])("an RLE of more runs than a thing has, as %s, is refused before it is read", (_, read) => {
  expect(read).toThrow(
    expect.objectContaining({ code: "invalid_output", detail: "answered with an RLE of too many runs" }),
  );
});
