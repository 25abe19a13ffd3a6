import { expect, test } from "vitest";
import { addDuty, dueDuties, dutyDone, dutyFailed, hasDuty, nextDuty } from "../../../src/jobs/duties.ts";
import { createTables } from "../../../src/jobs/tables.ts";
import { NodeDatabase } from "../../support/accounts/node-database.ts";

function emptyJob() {
  const database = new NodeDatabase();
  createTables(database);
  return database;
}

test("duties are due in the order of their times, and the earlier time of one counts", () => {
  const database = emptyJob();
  expect(nextDuty(database)).toBeNull();
  for (const [duty, due] of [
    ["forget", 30],
    ["settle", 20],
    ["stop", 20],
    ["forget", 10],
    ["settle", 25],
  ] as const) {
    addDuty(database, duty, due);
  }
  expect([dueDuties(database, 19), dueDuties(database, 20)]).toEqual([["forget"], ["forget", "settle", "stop"]]);
  dutyDone(database, "forget");
  expect([hasDuty(database, "forget"), nextDuty(database)]).toEqual([false, 20]);
});

test("a duty that fails is due again after 1 s, 2 s, 4 s and so on up to 5 minutes", () => {
  const database = emptyJob();
  addDuty(database, "settle", 0);
  const waits = Array.from({ length: 11 }, () => {
    dutyFailed(database, "settle", 0);
    return (nextDuty(database) ?? 0) / 1000;
  });
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
});
