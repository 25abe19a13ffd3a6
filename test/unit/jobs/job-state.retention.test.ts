import { createHash } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { NOON } from "../../support/accounts/account.ts";
import { PaidJob } from "../../support/jobs/paid-job.ts";
import { JOB_ID, jobOrder, TestJob, unstored } from "../../support/jobs/test-job.ts";
import { useQuickHmac } from "../../support/webhooks/quick-hmac.ts";

// The platform computes digests in another thread, whose end no virtual clock can order.
vi.mock("../../../src/storage/digest.ts", () => ({
  sha256: async (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex"),
}));

useQuickHmac();
const DAY = 86_400_000;
const PICTURE = `jobs/public/${JOB_ID}`;
const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;

describe("retention", () => {
  test("deletes the result after its time and the record 30 days later", async () => {
    const job = new TestJob();
    await job.run(jobOrder({ keepSeconds: 3_600 }));
    await job.passUntil(NOON + 3_599_000);
    expect(await job.state.result()).not.toBeNull();
    await job.passUntil(NOON + 3_600_000);
    expect(await job.state.result()).toBeNull();
    expect([...job.bucket.objects.keys()]).not.toContain(PICTURE);
    expect(await job.state.facts(0)).toMatchObject({ state: "succeeded", expiresAt: null });
    await job.passUntil(NOON + 3_600_000 + 30 * DAY);
    expect([await job.state.facts(0), job.alarmAt]).toEqual([null, null]);
    expect(job.database.all("SELECT name FROM sqlite_master")).toEqual([]);
  });

  test.each([
    ["an hour after its end", null, 3_600_000],
    ["a minute after it was fetched", "fetched", 60_000],
    ["a minute after it was told", "told", 60_000],
  ] as const)("forgets a job with store: false %s, and says so", async (_, way, after) => {
    const job = new TestJob();
    const webhook = { url: "https://a.example.com/hook", events: ["job.succeeded"], secret: SECRET } as const;
    await job.run(jobOrder({ ...unstored(), webhook: way === "told" ? webhook : null }));
    if (way === "fetched") await job.state.fetched();
    expect((await job.state.facts(0))?.expiresAt).toBe(NOON + after);
    await job.passUntil(NOON + after - 1);
    expect(await job.state.result()).not.toBeNull();
    await job.passUntil(NOON + after);
    expect(await job.state.result()).toBeNull();
    expect([...job.bucket.objects.keys()]).toEqual([]);
    expect(job.sent.length).toBe(way === "told" ? 1 : 0);
    await job.state.fetched();
    expect(job.database.all("SELECT name FROM duties")).toEqual([{ name: "clear" }]);
  });

  test("keeps a result with store: false that was fetched again no longer than after the first time", async () => {
    const job = new TestJob();
    await job.run(jobOrder(unstored()));
    await job.state.fetched();
    await job.passUntil(NOON + 30_000);
    await job.state.fetched();
    expect((await job.state.facts(0))?.expiresAt).toBe(NOON + 60_000);
  });

  test("keeps a result with store: false until all who are told are known, also when one was told", async () => {
    const job = await PaidJob.open();
    const id = `wh_${"a".repeat(24)}`;
    const endpoint = { id, url: "https://b.example.com/", name: "b", events: ["job.succeeded"], secret: SECRET };
    await job.account.state.createWebhook(endpoint as never);
    job.isDown = (method) => method === "webhooksFor" && job.time.now < NOON + 600_000;
    const webhook = { url: "https://a.example.com/hook", events: ["job.succeeded"], secret: SECRET } as const;
    await job.run(await job.admittedOrder({ ...unstored(), webhook }));
    await job.passUntil(NOON + 599_000);
    expect([job.sent.length, (await job.state.facts(0))?.expiresAt]).toEqual([1, NOON + 3_600_000]);
    await job.passUntil(NOON + 1_200_000);
    expect([job.sent.length, await job.state.result()]).toEqual([2, null]);
  });
});

describe("waiting until the account has heard of the end", () => {
  test("ends when it has, or after the time, and at once while the job runs", async () => {
    const job = await PaidJob.open();
    job.isDown = (method) => method === "settle" && job.time.now < NOON + 500;
    await job.state.begin(await job.admittedOrder());
    await job.state.settled(60_000);
    await job.ring();
    expect(await job.account.state.leftBy(JOB_ID)).toBeNull();
    await job.time.pass(job.state.settled(100));
    expect(job.time.now).toBe(NOON + 100);
    const settled = job.state.settled(60_000).then(() => job.time.now);
    await job.passUntil(NOON + 10_000);
    expect(await settled).toBe(NOON + 1_000);
  });
});
