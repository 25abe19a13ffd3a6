import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Record as BatchRecord, WrongFiles } from "../../../../scripts/batch/record.ts";

let out: string;
beforeEach(() => {
  out = join(mkdtempSync(join(tmpdir(), "namesight-record-")), "out.jsonl");
});
afterEach(() => rmSync(join(out, ".."), { recursive: true }));

const charge = { amount_usd: "0.0015", units: { calls: 1, entities: 0, masks: 0 }, balance_usd: null };
const result = (line: number, state: "succeeded" | "failed" = "succeeded") => {
  const answer = state === "succeeded" ? ({ charge } as never) : null;
  return { batch_id: "b", id: null, job_id: null, line, state, answer, problem: null };
};

test("results and batches are known to the next process, and each line counts once", () => {
  const first = new BatchRecord(out, "input");
  first.batches.push({ key: "k", id: "b", lines: [1, 2], after: 1, ended: false });
  first.save();
  first.write(result(1));
  first.write(result(1, "failed"));
  first.write(result(2, "failed"));
  const next = new BatchRecord(out, "input");
  expect([[...next.done], next.failed, next.cost]).toEqual([[1, 2], 1, 1_500_000]);
  expect(next.batches).toEqual(first.batches);
});

test("half of a line, which a killed process wrote, is removed", () => {
  const first = new BatchRecord(out, "input");
  first.save();
  first.write(result(1));
  writeFileSync(out, '{"line": 2, "é', { flag: "a" });
  const next = new BatchRecord(out, "input");
  next.write(result(3));
  expect([...next.done]).toEqual([1, 3]);
  expect(readFileSync(out, "utf8").trim().split("\n")).toHaveLength(2);
});

test("results of another input, and a file that is none of results, are refused", () => {
  new BatchRecord(out, "input").save();
  expect(() => new BatchRecord(out, "other")).toThrow(WrongFiles);
  rmSync(`${out}.state`);
  writeFileSync(out, "something else");
  expect(() => new BatchRecord(out, "input")).toThrow(WrongFiles);
});
