import { expect, test } from "vitest";
import { createTables, hasTables, isRefused, refuseBegin } from "../../../src/jobs/tables.ts";
import { NodeDatabase } from "../../support/accounts/node-database.ts";

test("asking whether a job was begun stores nothing", () => {
  const database = new NodeDatabase();
  expect(hasTables(database)).toBe(false);
  expect(database.all("SELECT name FROM sqlite_master")).toEqual([]);
  createTables(database);
  expect(hasTables(database)).toBe(true);
});

test("the tables are made once, and hold one job", () => {
  const database = new NodeDatabase();
  createTables(database);
  expect(() => createTables(database)).toThrow("already exists");
  const insert =
    "INSERT INTO job (only_row, order_json, payer, has_picture, state) VALUES (?, '{}', '{}', 0, 'queued')";
  database.run(insert, 1);
  for (const row of [1, 2]) expect(() => database.run(insert, row)).toThrow("constraint");
});

test("a job that is refused was not begun, and refusing it again changes nothing", () => {
  const database = new NodeDatabase();
  expect(isRefused(database)).toBe(false);
  for (let times = 0; times < 2; times++) refuseBegin(database);
  expect([isRefused(database), hasTables(database)]).toEqual([true, false]);
});
