import { describe, expect, test } from "vitest";
import { paragraphOf } from "../../../../src/stages/caption/paragraph.ts";

/** Long enough that a pattern of quadratic time exceeds the test's time limit. */
const LONG = 300_000;

describe("paragraphOf", () => {
  test.each([
    ["underscores in a word", `a${"_".repeat(LONG)}b`],
    ["closing brackets", `a${")".repeat(LONG)}`],
    ["closing quotation marks behind each other's sentence", `${'."'.repeat(LONG)} a`],
    ["empty lines", `a${"\n".repeat(LONG)}b`],
    ["lines of white space", `a${"\n\t".repeat(LONG)}b`],
    ["marks of a list", `${"- ".repeat(LONG)}a`],
    ["marks of headings", `${"#".repeat(LONG)}a`],
    ["asterisks", `a${"*".repeat(LONG)}b`],
  ])("takes linear time when the reply is 300,000 %s", (_, reply) => {
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

  test("drops emphasis and keeps underscores inside words", () => {
    expect(paragraphOf("**A** _red_ __bus__ of snake_case, and a __half one.")).toBe(
      "A red bus of snake_case, and a half one.",
    );
  });
});
