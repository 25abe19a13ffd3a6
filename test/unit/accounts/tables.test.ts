import { expect, test } from "vitest";
import { addTables, createTables, hasTables } from "../../../src/accounts/tables.ts";
import { TestAccount } from "../../support/accounts/account.ts";
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

test("an account of an earlier version gets the tables that it lacks, once", async () => {
  const account = await TestAccount.open();
  const { database } = account;
  const tables = () =>
    database.all<{ name: string }>("SELECT name FROM sqlite_master WHERE sql IS NOT NULL ORDER BY 1");
  const all = tables();
  for (const name of ["settings", "webhooks", "webhook_secrets", "deliveries"]) database.run(`DROP TABLE ${name}`);
  account.evict();
  expect(tables()).toEqual(all);
  await account.state.setSettings({ resultSeconds: 3_600 });
  addTables(database);
  expect(await account.state.settings()).toEqual({ resultSeconds: 3_600 });
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
    "SELECT id FROM webhooks WHERE disabled_reason IN ('gone', 'failing')",
    "SELECT max(until) FROM webhook_secrets WHERE webhook_id = 'a' AND until > 1",
    "SELECT 1 FROM deliveries WHERE webhook_id = 'a' ORDER BY at DESC, delivery_id DESC LIMIT 1",
    "SELECT 1 FROM deliveries WHERE webhook_id = 'a' AND delivery_id = 'b'",
    "DELETE FROM deliveries WHERE at <= 1",
    "SELECT 1 FROM usage WHERE (day, key_id, operation) < ('a', 'b', 'c') ORDER BY day DESC, key_id DESC, operation DESC",
  ];
  for (const statement of statements) {
    const plan = database.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${statement}`).map(({ detail }) => detail);
    expect(plan.join("; "), statement).not.toMatch(/SCAN|TEMP B-TREE/);
  }
});
