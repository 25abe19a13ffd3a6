import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import { NOON } from "../../support/accounts/account.ts";
import { PaidJob } from "../../support/jobs/paid-job.ts";
import { ADDRESS, hangs, JOB_ID, jobOrder, TestJob } from "../../support/jobs/test-job.ts";
import { useQuickHmac } from "../../support/webhooks/quick-hmac.ts";

// The platform computes digests in another thread, whose end no virtual clock can order.
vi.mock("../../../src/storage/digest.ts", () => ({
  sha256: async (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex"),
}));
useQuickHmac();

const MONEY = 1_000_000_000;

test("the account is charged what was delivered, and hears what was stored", async () => {
  const job = await PaidJob.open();
  await job.run(await job.admittedOrder());
  const facts = await job.state.facts(0);
  expect(facts).toMatchObject({ state: "succeeded", charge: { units: { calls: 1, entities: 2, masks: 2 } } });
  const spent = Math.round(Number(facts?.charge?.amount_usd) * 1e9);
  expect(await job.money()).toEqual({ available: MONEY - spent, reserved: 0 });
  expect(spent).toBeGreaterThan(0);
  const left = await job.account.state.leftBy(JOB_ID);
  expect(left?.some((name) => name.startsWith("masks/newsroom/"))).toBe(true);
});

test.each([
  ["failed", { fetchPicture: () => Promise.reject(new Error("unexpected")) }],
  ["canceled", {}],
] as const)("a job that %s costs nothing and reserves nothing", async (state, more) => {
  const job = await PaidJob.open();
  job.more = { ...job.more, ...more };
  job.evict();
  await job.state.begin(await job.admittedOrder());
  if (state === "canceled") await job.state.cancel();
  await job.passUntil(NOON + 60_000);
  expect((await job.state.facts(0))?.state).toBe(state);
  expect(await job.money()).toEqual({ available: MONEY, reserved: 0 });
});

test("an account that is down is told later, with growing waits, and once", async () => {
  const job = await PaidJob.open();
  job.isDown = (method) => method === "settle" && job.time.now < NOON + 20_000;
  await job.run(await job.admittedOrder());
  await job.passUntil(NOON + 120_000);
  const settles = job.calls.filter((method) => method === "settle");
  // At once, and after 1, 3, 7, 15 and 31 s.
  expect(settles.length).toBe(6);
  expect((await job.money()).reserved).toBe(0);
  expect(job.lines.filter(({ event }) => event === "job_duty_failed").length).toBe(5);
});

test("a canceled job deletes what it stored, once the account has heard of it", async () => {
  const job = await PaidJob.open();
  job.isDown = () => job.time.now < NOON + 30_000;
  const order = await job.admittedOrder();
  job.before = (stage, { signal }) => {
    if (stage !== "segmentation" || job.asked.filter((asked) => asked === stage).length < 2) return;
    // The first mask is stored by now.
    setImmediate(() => void job.state.cancel());
    return hangs(signal);
  };
  await job.state.begin(order);
  await job.ring();
  const masks = () => [...job.bucket.objects.keys()].filter((key) => key.startsWith("masks/"));
  expect(masks().length).toBeGreaterThan(0);
  await job.passUntil(NOON + 10 * 60_000);
  expect([masks(), [...job.bucket.objects.keys()]]).toEqual([[], []]);
  expect(await job.money()).toEqual({ available: MONEY, reserved: 0 });
});

test("the batch of a job hears of its end, and what it cost", async () => {
  const job = new TestJob();
  const id = `req_${"1".repeat(26)}`;
  await job.run(jobOrder({ batch: { id, line: 3 }, image: { kind: "address", url: ADDRESS } }));
  expect(job.ended).toEqual([[id, 3, "succeeded", 0]]);
});

test("each endpoint of the account is told once of the ends that it asked for", async () => {
  const job = await PaidJob.open();
  const endpoint = (id: string, events: readonly string[]) => ({
    ...{ id, url: `https://${id.slice(-1)}.example.com/`, name: id, events, secret: `whsec_${"A".repeat(43)}=` },
  });
  const ids = ["a", "b"].map((letter) => `wh_${letter.repeat(24)}`);
  await job.account.state.createWebhook(endpoint(ids[0] ?? "", ["job.succeeded"]) as never);
  await job.account.state.createWebhook(endpoint(ids[1] ?? "", ["job.failed"]) as never);
  await job.run(await job.admittedOrder());
  await job.passUntil(NOON + 60_000);
  expect(job.sent.map(({ url }) => url)).toEqual(["https://a.example.com/"]);
});
