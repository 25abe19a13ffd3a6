import fc from "fast-check";
import { expect, it } from "vitest";
import { tsvLine } from "../../../../eval/training-sets/columns.ts";

it("gives any texts back when a line is split at tabs, except for breaks and half surrogate pairs", () => {
  const column = fc.string({ unit: fc.constantFrom("a", '"', "\t", "\n", "\r\n", "\u2028", "é", "😀", "\ud800", " ") });
  fc.assert(
    fc.property(fc.array(column, { minLength: 1, maxLength: 6 }), (columns) => {
      const line = Buffer.from(tsvLine(columns), "utf8").toString("utf8");
      expect(line.match(/[\n\r\u2028]/g)).toEqual(["\n"]);
      const plain = columns.map((one) => one.replace(/[\t\n\r\u2028]/g, " ").replaceAll("\ud800", "\ufffd"));
      expect(line.slice(0, -1).split("\t")).toEqual(plain);
    }),
  );
});

it("does not quote", () => {
  expect(tsvLine(['"Ted"', 'a "b"', ""])).toBe('"Ted"\ta "b"\t\n');
});
