import { expect, test } from "vitest";
import {
  cancelLines,
  countLines,
  dueLines,
  endedLines,
  endLine,
  factsOf,
  forgetLines,
  nextDue,
  noteBegun,
  putOff,
  readBatch,
  takeWaiting,
} from "../../../../src/jobs/batches/lines.ts";
import { createTables, hasTables } from "../../../../src/jobs/batches/tables.ts";
import { NOON } from "../../../support/accounts/account.ts";
import { NodeDatabase } from "../../../support/accounts/node-database.ts";
import { batchOrder, INVALID, LINE } from "../../../support/batches/test-batch.ts";

const FORGET_MS = 1_000_000;

function open(lines = [LINE, LINE, LINE]) {
  const database = new NodeDatabase();
  createTables(database, batchOrder(lines), NOON);
  return database;
}

test("a database without a batch has no row to read", () => {
  expect(hasTables(new NodeDatabase())).toBe(false);
  expect(hasTables(open())).toBe(true);
  const database = open();
  database.run("DELETE FROM batch");
  expect(() => readBatch(database)).toThrow("has not begun");
});

test("what is due next is a line that may start, an action for a line, and then nothing", () => {
  const database = open();
  expect(nextDue(database, FORGET_MS, NOON)).toBe(NOON);
  takeWaiting(database, NOON, NOON);
  expect(countLines(database)).toMatchObject({ running: 2, waiting: 1 });
  expect(dueLines(database, NOON, 10).map(({ line }) => line)).toEqual([1, 2]);
  expect(dueLines(database, NOON, 1)).toHaveLength(1);
  noteBegun(database, 1, NOON + 60_000);
  noteBegun(database, 2, NOON + 70_000);
  expect(nextDue(database, FORGET_MS, NOON)).toBe(NOON + 60_000);
  putOff(database, 1, NOON + 90_000);
  expect(nextDue(database, FORGET_MS, NOON)).toBe(NOON + 70_000);
});

test("nothing is put off for a line that needs nothing", () => {
  const database = open();
  takeWaiting(database, NOON, NOON);
  endLine(database, 1, "succeeded", 5, NOON);
  putOff(database, 1, NOON + 1);
  noteBegun(database, 1, NOON + 1);
  expect(dueLines(database, NOON + 1, 10).map(({ line }) => line)).toEqual([2]);
});

test("ends are numbered, an amount counts once, and one that comes later is added", () => {
  const database = open([LINE, INVALID, LINE]);
  takeWaiting(database, NOON, NOON);
  endLine(database, 3, "succeeded", null, NOON);
  endLine(database, 3, "failed", 0, NOON);
  endLine(database, 1, "succeeded", 5, NOON);
  endLine(database, 1, "succeeded", 5, NOON);
  // A failure that comes late is an amount of a line that has ended: it costs nothing.
  expect(endedLines(database, 0, 10).map(({ number, line, state }) => [number, line, state])).toEqual([
    [1, 2, "invalid"],
    [2, 3, "succeeded"],
    [3, 1, "succeeded"],
  ]);
  expect(factsOf(database)).toMatchObject({ cost: 5, endedAt: NOON, expiresAt: NOON + 3_600_000 });
  expect(endedLines(database, 2, 10)).toHaveLength(1);
});

test("a line that waits ends only by cancelling", () => {
  const database = open();
  endLine(database, 1, "succeeded", 5, NOON);
  expect(countLines(database)).toMatchObject({ waiting: 3, succeeded: 0 });
  cancelLines(database, NOON);
  cancelLines(database, NOON + 1);
  expect(factsOf(database)).toMatchObject({ canceledAt: NOON, endedAt: NOON, counts: { canceled: 3 } });
});

test("what was forgotten leaves its counts", () => {
  const database = open([INVALID, INVALID]);
  forgetLines(database);
  expect(endedLines(database, 0, 10)).toEqual([]);
  expect(factsOf(database).counts).toMatchObject({ invalid: 2 });
});
