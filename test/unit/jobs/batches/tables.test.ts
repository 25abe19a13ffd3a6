import { expect, test } from "vitest";
import { endedLines } from "../../../../src/jobs/batches/lines.ts";
import { createTables, hasTables } from "../../../../src/jobs/batches/tables.ts";
import { NOON } from "../../../support/accounts/account.ts";
import { NodeDatabase } from "../../../support/accounts/node-database.ts";
import { batchOrder, INVALID, LINE } from "../../../support/batches/test-batch.ts";

test("a batch is stored with all of its lines, of which the invalid ones have ended", () => {
  const database = new NodeDatabase();
  const webhook = { url: "https://example.com/", events: ["batch.ended"], secret: "whsec_" } as const;
  createTables(database, batchOrder([LINE, INVALID, LINE], { webhook }), NOON);
  expect(endedLines(database, 0, 10)).toEqual([
    { number: 1, line: 2, reference: null, jobId: null, state: "invalid", store: true, problem: expect.anything() },
  ]);
  expect(database.all("SELECT posts, webhook, created_at FROM batch")).toEqual([
    { posts: 3, webhook: JSON.stringify(webhook), created_at: NOON },
  ]);
});

test("nothing is stored where a line cannot be", () => {
  const database = new NodeDatabase();
  const broken = { ...LINE, most: Number.NaN };
  expect(() => createTables(database, batchOrder([LINE, broken]), NOON)).toThrow();
  expect(hasTables(database)).toBe(false);
});
