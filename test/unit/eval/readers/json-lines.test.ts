import { expect, it } from "vitest";
import { readJsonLines } from "../../../../eval/readers/json-lines.ts";

it("reads each line, leaves blank lines out, and names the line that is wrong", () => {
  const positive = (value: unknown) => {
    if (typeof value !== "number" || value <= 0) throw new Error("not positive");
    return value;
  };
  expect(readJsonLines("1\n\n 2\n", "no number", positive)).toEqual([1, 2]);
  expect(() => readJsonLines("1\n\n-2", "no number", positive)).toThrow("line 3 is no number: Error: not positive");
  expect(() => readJsonLines("{", "no number", positive)).toThrow(/^line 1 is no number: SyntaxError/);
});
