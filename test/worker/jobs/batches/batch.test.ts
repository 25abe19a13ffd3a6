import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { problemDocument } from "../../../../schemas/problem.ts";
import type { BatchOrder } from "../../../../src/jobs/batches/calls.ts";

const id = `req_${"5".repeat(26)}`;
const ORDER: BatchOrder = {
  id,
  account: "public",
  key: null,
  mode: "live",
  digest: "d",
  origin: "https://namesight.test",
  maxConcurrent: 5,
  keepSeconds: 60,
  webhook: null,
  lines: [{ reference: "a", problem: problemDocument("invalid_json", "Not JSON.") }],
};

test("a batch keeps in its Durable Object what it was told, and sets its alarm", async () => {
  const batch = env.BATCHES.getByName(id);
  expect(await batch.facts(0)).toBeNull();
  expect(await batch.begin(ORDER)).toBe("begun");
  expect(await batch.begin(ORDER)).toBe("known");
  expect(await batch.begin({ ...ORDER, digest: "e" })).toBe("reused");
  expect(await batch.lines(0, 10, 0)).toMatchObject({ ended: true, lines: [{ line: 1, reference: "a" }] });
  await batch.ended(1, "failed");
  expect(await batch.cancel()).toMatchObject({ canceledAt: null, counts: { invalid: 1, failed: 0 } });
  expect(await batch.redeliver("msg_1")).toBe(false);
  await runInDurableObject(batch, async (_, { storage }) => {
    expect(await storage.getAlarm()).toBeGreaterThan(0);
  });
});
