import { expect, test } from "vitest";
import { RevenueAnswer } from "../../../schemas/accounts.ts";
import { NO_UNITS, PRICES } from "../../../schemas/prices.ts";
import type { UsageLine } from "../../../src/accounts/calls.ts";
import { sumByOperation } from "../../../src/routes/revenue.ts";
import { startWithKeys } from "../account-harness.ts";
import { TEXT } from "../harness.ts";

test("200 with sums over every account, page by page", async () => {
  const app = startWithKeys();
  const accounts = [await app.createAccount(), await app.createAccount(), await app.createAccount()];
  for (const { key } of accounts) await app.send("POST", "/v1/mner", key, { text: TEXT });
  const names = accounts.map(({ name }) => name).toSorted();
  const seen: string[] = [];
  let requests = 0;
  for (let query = "?limit=2"; query !== ""; ) {
    const answer = RevenueAnswer.parse(await (await app.operate("GET", `/operator/revenue${query}`)).json());
    seen.push(...answer.accounts);
    for (const row of answer.revenue) {
      requests += row.requests;
      expect(row).toMatchObject({ operation: "mner", cost_usd: "0", requests_without_cost: 0 });
    }
    query = answer.next_cursor === null ? "" : `?limit=2&cursor=${answer.next_cursor}`;
  }
  expect(seen).toEqual(names);
  expect(requests).toBe(3);
});

test("adds what was paid and what it cost by operation", () => {
  const line = (more: Partial<UsageLine>): UsageLine => ({
    day: "2026-11-26",
    keyId: "key_1",
    operation: "mner",
    requests: 1,
    units: { ...NO_UNITS, calls: 1 },
    amount: PRICES.mner.calls,
    cost: 1_000,
    requestsWithoutCost: 0,
    ...more,
  });
  const lines = [
    line({}),
    line({ requestsWithoutCost: 1, cost: 0 }),
    line({ operation: "segment", amount: 7_000_000 }),
  ];
  expect(sumByOperation(lines)).toEqual([
    {
      operation: "mner",
      requests: 2,
      units: { calls: 2, entities: 0, masks: 0 },
      revenue_usd: "0.001",
      cost_usd: "0.000001",
      requests_without_cost: 1,
    },
    expect.objectContaining({ operation: "segment", revenue_usd: "0.007" }),
  ]);
});
