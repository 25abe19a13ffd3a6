import { expect, it } from "vitest";
import { mnerTable } from "../../../../eval/report/mner-table.ts";

it("prints a row for each score in percent with two decimals", () => {
  const scores = (f1: number) => ({ precision: 50, recall: 100, f1, predicted: 2, gold: 1, right: 1 });
  const report = { ...scores(66.666), by_type: { PER: scores(60) }, sentences: 7 };
  const handles = { gold: 9, found_in_tokens: 4, found_in_text: 3 };
  const hashtags = { gold: 8, found_in_tokens: 2, found_in_text: 1 };
  const lines = mnerTable({ ...report, tokens_without_handles: scores(70), text: scores(80), handles, hashtags }).split(
    "\n",
  );
  expect(lines[0]).toBe("7 sentences, seqeval micro, percent");
  expect(lines.slice(2).map((line) => line.split(/ {2,}/))).toEqual([
    ["tokens, every gold entity", "50.00", "100.00", "66.67"],
    ["", "PER", "50.00", "100.00", "60.00"],
    ["tokens, handles left out", "50.00", "100.00", "70.00"],
    ["plain text", "50.00", "100.00", "80.00"],
    ["handles found: 4 in tokens, 3 in plain text, of 9"],
    ["hashtags found: 2 in tokens, 1 in plain text, of 8"],
  ]);
});
