import fc from "fast-check";
import { expect, test } from "vitest";
import { toCsv } from "../../../src/routes/csv.ts";

test("quotes what must be quoted, and makes no cell a formula", () => {
  expect(toCsv([["a", 'b"c', "d,e", 1]])).toBe('a,"b""c","d,e",1\r\n');
  fc.assert(
    fc.property(fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n"), fc.string(), (first, rest) => {
      const cell = toCsv([[first + rest]]).replace(/^"/, "");
      expect(cell.startsWith("'")).toBe(true);
    }),
  );
});
