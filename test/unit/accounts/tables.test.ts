import { expect, test } from "vitest";
import { createTables, hasTables } from "../../../src/accounts/tables.ts";
import { NodeDatabase } from "../../support/accounts/node-database.ts";

test("an account has its tables once it was created, and its balance cannot be below zero", () => {
  const database = new NodeDatabase();
  expect(hasTables(database)).toBe(false);
  createTables(database, "newsroom", "starter");
  expect(hasTables(database)).toBe(true);
  expect(database.all("SELECT name, plan, balance FROM account")).toMatchObject([
    { name: "newsroom", plan: "starter" },
  ]);
  expect(() => createTables(database, "another", "large")).toThrow("already exists");
  expect(() => database.run("UPDATE account SET balance = -1")).toThrow("CHECK");
  const entry = "INSERT INTO entries VALUES (NULL, 'topup', 'a', 1, 0, '2026-11-26', NULL, NULL, 0, 0, 0, 0, 0, 0)";
  database.run(entry);
  expect(() => database.run(entry)).toThrow("UNIQUE");
});

test("every statement of an admission and of the alarm is answered by an index", () => {
  const database = new NodeDatabase();
  createTables(database, "newsroom", "starter");
  const statements = [
    "SELECT count(*), sum(held) FROM reservations WHERE until > 1",
    "SELECT 1 FROM repeatables WHERE space = 'a' AND (key = 'b' OR alias = 'c')",
    "SELECT 1 FROM keys WHERE hash = 'a'",
    "DELETE FROM repeatables WHERE until <= 1",
    "SELECT request_id FROM answers WHERE until <= 1 ORDER BY until LIMIT 1",
    "DELETE FROM requests WHERE at <= 1",
    "SELECT 1 FROM entries WHERE kind IN ('charge', 'payment') AND day < 'a'",
    "SELECT 1 FROM left_names WHERE name = 'a' AND request_id <> 'b'",
    "SELECT 1 FROM usage WHERE (day, key_id, operation) < ('a', 'b', 'c') ORDER BY day DESC, key_id DESC, operation DESC",
  ];
  for (const statement of statements) {
    const plan = database.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${statement}`).map(({ detail }) => detail);
    expect(plan.join("; "), statement).not.toMatch(/SCAN|TEMP B-TREE/);
  }
});
