import { expect, test } from "vitest";
import { BatchAnswer } from "../../../schemas/batches.ts";
import type { BatchFacts } from "../../../src/jobs/batches/calls.ts";
import { batchAnswer } from "../../../src/routes/batch-request.ts";
import { NOON } from "../../support/accounts/account.ts";
import { BATCH } from "../../support/batches/test-batch.ts";

const FACTS: BatchFacts = {
  id: BATCH,
  account: "newsroom",
  digest: "d",
  origin: "https://namesight.test/base/",
  maxConcurrent: 5,
  keepSeconds: 60,
  webhook: { url: "https://example.com/", events: ["batch.ended"], secret: "whsec_1" },
  posts: 1,
  counts: { waiting: 0, running: 1, succeeded: 0, failed: 0, canceled: 0, expired: 0, invalid: 0 },
  cost: 1_500_000,
  createdAt: NOON,
  canceledAt: null,
  endedAt: null,
  expiresAt: null,
};

test.each([
  [{}, "running"],
  [{ endedAt: NOON, expiresAt: NOON }, "ended"],
  [{ canceledAt: NOON }, "canceled"],
  [{ canceledAt: NOON, endedAt: NOON, expiresAt: NOON }, "canceled"],
])("of %j, the state is %s", (more, state) => {
  expect(BatchAnswer.parse(batchAnswer({ ...FACTS, ...more })).state).toBe(state);
});

test("links are under the address of the deployment, and the secret is shown where asked for", () => {
  const { links, webhook, cost_usd } = batchAnswer(FACTS);
  expect(links.results).toBe(`https://namesight.test/base/v1/batches/${BATCH}/results`);
  expect([webhook, cost_usd]).toEqual([{ url: "https://example.com/", secret: null }, "0.0015"]);
  expect(batchAnswer(FACTS, true).webhook?.secret).toBe("whsec_1");
});
