import { expect, test } from "vitest";
import { FAULTS, LOSSES } from "../../../../scripts/pages/fault-matrix.ts";
import { faultsPage } from "../../../../scripts/pages/faults.ts";

test("has a row for each fault with a cell for each stage", () => {
  const rows = faultsPage().split("\n");
  for (const { title } of Object.values(FAULTS)) {
    const [row = ""] = rows.filter((line) => line.startsWith(`| ${title} |`));
    expect(row.split(" | ")).toHaveLength(1 + Object.keys(LOSSES).length);
  }
  expect(faultsPage()).toContain("| never answers | 200 partial: `stage_failed`, `picture_not_turned` |");
  expect(faultsPage()).toContain("504: `deadline_exceeded`");
});
