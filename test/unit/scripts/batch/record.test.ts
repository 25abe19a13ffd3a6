import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Record as BatchRecord, inputOf, type Sender, WrongFiles } from "../../../../scripts/batch/record.ts";

let out: string;
beforeEach(() => {
  out = join(mkdtempSync(join(tmpdir(), "namesight-record-")), "out.jsonl");
});
afterEach(() => rmSync(join(out, ".."), { recursive: true }));

const SENDER = { input: "input", endpoint: "https://one.example", caller: "key" };
const charge = { amount_usd: "0.0015", units: { calls: 1, entities: 0, masks: 0 }, balance_usd: null };
const result = (line: number, state: "succeeded" | "failed" | "canceled" = "succeeded", charged = "0.0015") => {
  const answer = state === "succeeded" ? ({ charge } as never) : null;
  return { batch_id: "b", id: null, job_id: null, line, state, answer, problem: null, cost_usd: charged };
};

test("results and batches are known to the next process, and each line counts once", () => {
  const first = new BatchRecord(out, SENDER);
  const batch = first.add({ key: "k", lines: [1, 2, 3], max_concurrent: "7" });
  Object.assign(batch, { id: "b", unanswered: 1, after: 1 });
  first.save();
  first.write(result(1));
  first.write(result(1, "failed"));
  first.write(result(2, "failed", "0"));
  first.write(result(3, "canceled", "0.001"));
  const next = new BatchRecord(out, SENDER);
  expect([[...next.done], next.failed, next.cost]).toEqual([[1, 2, 3], 2, 2_500_000]);
  const sent = { endpoint: "https://one.example", caller: "key", max_concurrent: "7", id: "b", unanswered: 1 };
  expect(next.batches).toEqual([{ ...sent, key: "k", lines: [1, 2, 3], after: 1, ended: false }]);
});

describe("forgetFailed", () => {
  const record = () => {
    const first = new BatchRecord(out, SENDER);
    first.save();
    first.write(result(1));
    first.write(result(2, "failed", "0"));
    first.write(result(3, "canceled", "0.001"));
    return first;
  };

  test("leaves what has an answer, and counts what the others cost", () => {
    const first = record();
    first.forgetFailed();
    const next = new BatchRecord(out, SENDER);
    for (const one of [first, next]) expect([[...one.done], one.failed, one.cost]).toEqual([[1], 0, 2_500_000]);
    next.write({ ...result(3), batch_id: "c" });
    next.save();
    const last = new BatchRecord(out, SENDER);
    expect([[...last.done], last.failed, last.cost]).toEqual([[1, 3], 0, 4_000_000]);
  });

  test("counts each cost once where the process dies before the results are written", () => {
    record();
    const before = readFileSync(out, "utf8");
    new BatchRecord(out, SENDER).forgetFailed();
    writeFileSync(out, before);
    const next = new BatchRecord(out, SENDER);
    expect([[...next.done], next.failed, next.cost]).toEqual([[1, 2, 3], 2, 2_500_000]);
    next.forgetFailed();
    expect(new BatchRecord(out, SENDER)).toMatchObject({ failed: 0, cost: 2_500_000 });
  });

  test("changes nothing where every post has an answer", () => {
    const first = new BatchRecord(out, SENDER);
    first.forgetFailed();
    first.save();
    first.write(result(1));
    first.forgetFailed();
    expect(readFileSync(out, "utf8").trim().split("\n")).toHaveLength(1);
  });
});

test("half of a line, which a killed process wrote, is removed", () => {
  const first = new BatchRecord(out, SENDER);
  first.save();
  first.write(result(1));
  writeFileSync(out, '{"line": 2, "é', { flag: "a" });
  const next = new BatchRecord(out, SENDER);
  next.write(result(3));
  expect([...next.done]).toEqual([1, 3]);
  expect(readFileSync(out, "utf8").trim().split("\n")).toHaveLength(2);
});

test("results of another input, and a file that is none of results, are refused", () => {
  const record = new BatchRecord(out, SENDER);
  record.save();
  record.write(result(1));
  const sentence = `${out} has the results of another input. Go on with the posts that it had. Or name another --out`;
  expect(() => new BatchRecord(out, { ...SENDER, input: "other" })).toThrow(sentence);
  rmSync(`${out}.state`);
  writeFileSync(out, "something else");
  expect(() => new BatchRecord(out, SENDER)).toThrow(WrongFiles);
});

test("another input is taken while nothing was sent, and refused once a batch was", () => {
  const record = new BatchRecord(out, SENDER);
  const batch = record.add({ key: "k", lines: [1], max_concurrent: null });
  record.save();
  const other = () => new BatchRecord(out, { ...SENDER, input: "other" });
  expect([inputOf(out), other().batches]).toEqual([null, []]);
  batch.unanswered = 1;
  record.save();
  expect(inputOf(out)).toBe("input");
  expect(other).toThrow("has the results of another input");
});

test("the input of results is known, and there is none before the first", () => {
  expect(inputOf(out)).toBeNull();
  const record = new BatchRecord(out, SENDER);
  record.save();
  record.write(result(1));
  expect(inputOf(out)).toBe("input");
  writeFileSync(`${out}.state`, "{");
  expect(() => inputOf(out)).toThrow("is damaged");
});

describe("a batch that has not ended", () => {
  const open = (id: string | null, sender: Sender = SENDER) => {
    const record = new BatchRecord(out, sender);
    Object.assign(record.add({ key: "k", lines: [1], max_concurrent: null }), { id, unanswered: 1 });
    record.save();
  };
  const going = (change: Partial<Sender>) => () => new BatchRecord(out, { ...SENDER, ...change });

  test.each([null, "b"])("is not gone on with at another endpoint (id %s)", (id) => {
    open(id);
    const sentence = `${out}.state says that posts were sent to https://one.example, and not to https://two.example.`;
    expect(going({ endpoint: "https://two.example" })).toThrow(sentence);
    expect(going({ endpoint: null })).toThrow("and not to a stack of this machine");
    expect(going({})).not.toThrow();
  });

  test("is not sent again with another key, which would begin another batch", () => {
    open(null);
    expect(going({ caller: "other" })).toThrow("with another key: their answer was lost");
    expect(going({ caller: null })).toThrow(WrongFiles);
  });

  test("is gone on with by another key once it is known", () => {
    open("b");
    expect(going({ caller: "other" })).not.toThrow();
  });

  test("is forgotten where it was sent to a stack that has ended", () => {
    open("b", { ...SENDER, endpoint: null });
    expect(new BatchRecord(out, SENDER).batches).toEqual([]);
  });
});

test("a batch that has ended is no matter elsewhere", () => {
  const record = new BatchRecord(out, SENDER);
  Object.assign(record.add({ key: "k", lines: [1], max_concurrent: null }), { id: "b", ended: true });
  record.save();
  expect(new BatchRecord(out, { ...SENDER, endpoint: "https://two.example" }).batches).toHaveLength(1);
});

describe("a batch that was not sent", () => {
  test("is forgotten, so that another key and another endpoint go on", () => {
    const record = new BatchRecord(out, SENDER);
    record.add({ key: "k", lines: [1], max_concurrent: null });
    record.save();
    const next = new BatchRecord(out, { ...SENDER, endpoint: "https://two.example", caller: "other" });
    expect([next.batches, next.hasSent]).toEqual([[], false]);
  });

  test("is one that a state file says so of: in older ones, each may have been sent", () => {
    const { unanswered: _, ...older } = new BatchRecord(out, SENDER).add({
      key: "k",
      lines: [1],
      max_concurrent: null,
    });
    writeFileSync(`${out}.state`, JSON.stringify({ version: 2, input: "input", batches: [older] }));
    const next = new BatchRecord(out, SENDER);
    expect([next.batches, next.hasSent]).toMatchObject([[{ key: "k", unanswered: 1 }], true]);
  });
});

test.each([
  ["that is no JSON", "{", "is damaged: it does not say what was sent. Restore it from a copy."],
  ["that is of something else", '{"a":1}', "is damaged"],
  ["with a batch that lacks its key", '{"version":2,"input":"input","batches":[{"id":null}]}', "is damaged"],
  ["of an older version", '{"input":"input","batches":[]}', "Finish with that version."],
  ["of a newer version", '{"version":3,"input":"input"}', "another version of this command has written it"],
])("a state file %s is refused with what to do", (_, text, sentence) => {
  writeFileSync(`${out}.state`, text);
  const read = () => new BatchRecord(out, SENDER);
  expect(read).toThrow(WrongFiles);
  expect(read).toThrow(`${out}.state `);
  expect(read).toThrow(sentence);
  expect(read).toThrow("name another --out: all posts are then sent anew, and paid again.");
});

test("results that are damaged are refused with the line and what to do", () => {
  const first = new BatchRecord(out, SENDER);
  first.save();
  first.write(result(1));
  writeFileSync(out, "{ half\n", { flag: "a" });
  expect(() => new BatchRecord(out, SENDER)).toThrow(`Line 2 of ${out} is no result: the file is damaged.`);
});
