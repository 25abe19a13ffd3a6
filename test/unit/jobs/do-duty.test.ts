import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import { toUsd } from "../../../schemas/money.ts";
import { priceOf } from "../../../schemas/prices.ts";
import { NOON } from "../../support/accounts/account.ts";
import { PaidJob } from "../../support/jobs/paid-job.ts";
import { ADDRESS, hangs, JOB_ID, jobOrder, TestJob, unstored } from "../../support/jobs/test-job.ts";
import { useQuickHmac } from "../../support/webhooks/quick-hmac.ts";

// The platform computes digests in another thread, whose end no virtual clock can order.
vi.mock("../../../src/storage/digest.ts", () => ({
  sha256: async (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex"),
}));
useQuickHmac();

const MONEY = 1_000_000_000;
const SECRET = `whsec_${"A".repeat(43)}=`;

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

/** Runs a job up to its second mask, and does something there. */
async function atSecondMask(job: PaidJob, work: () => Promise<unknown>) {
  job.before = async (stage, { signal }) => {
    if (stage !== "segmentation" || job.asked.filter((asked) => asked === stage).length < 2) return;
    await new Promise((resolve) => setImmediate(resolve));
    await work();
    await hangs(signal);
  };
  await job.ring();
  await job.passUntil(job.time.now + 60_000);
}

test.each([
  ["read from its events", (job: PaidJob) => job.state.events(0, 0), { calls: 1, entities: 2, masks: 1 }],
  ["shown in its progress", (job: PaidJob) => job.state.facts(0, true), { calls: 1, entities: 2, masks: 0 }],
] as const)("a job that is canceled is charged what was %s", async (_, handOut, units) => {
  const job = await PaidJob.open();
  const batch = { id: `req_${"1".repeat(26)}`, line: 3 };
  await job.state.begin(await job.admittedOrder({ batch }));
  await atSecondMask(job, async () => {
    await handOut(job);
    await job.state.cancel();
  });
  const amount = priceOf("recognize", units);
  const charge = { amount_usd: toUsd(amount), units, balance_usd: toUsd(MONEY - amount) };
  expect(await job.state.facts(0)).toMatchObject({ state: "canceled", charge, progress: { entities: [] } });
  expect(await job.money()).toEqual({ available: MONEY - amount, reserved: 0 });
  expect(job.ended).toEqual([[batch.id, 3, "canceled", amount]]);
  expect([...job.bucket.objects.keys()]).toEqual([]);
});

test("a job that is canceled unseen costs nothing, whatever it found and whoever asked for its state", async () => {
  const job = await PaidJob.open();
  await job.state.begin(await job.admittedOrder());
  await atSecondMask(job, async () => {
    expect((await job.state.facts(0))?.progress.entities.length).toBe(2);
    await job.state.cancel();
  });
  expect(await job.state.facts(0)).toMatchObject({ state: "canceled", charge: null });
  expect(await job.money()).toEqual({ available: MONEY, reserved: 0 });
});

test("a job that fails behind its findings is free, although they were read", async () => {
  const job = await PaidJob.open();
  await job.state.begin(await job.admittedOrder());
  await atSecondMask(job, async () => {
    expect((await job.state.events(0, 0))?.events.length).toBeGreaterThan(0);
    job.database.run("UPDATE job SET runs = 25");
    job.kill();
  });
  expect(await job.state.facts(0)).toMatchObject({ state: "failed", charge: null });
  expect(await job.money()).toEqual({ available: MONEY, reserved: 0 });
});

test("an endpoint is told nothing of an answer that was deleted before the account named it", async () => {
  const job = await PaidJob.open();
  const id = `wh_${"a".repeat(24)}`;
  const endpoint = { id, url: "https://a.example.com/", name: "a", events: ["job.succeeded"], secret: SECRET };
  await job.account.state.createWebhook(endpoint as never);
  job.isDown = (method) => {
    if (method === "webhooksFor") void job.state.cancel();
    return false;
  };
  await job.run(await job.admittedOrder());
  await job.passUntil(NOON + 60_000);
  expect(job.sent).toEqual([]);
  expect(job.database.all("SELECT * FROM outbox")).toEqual([]);
});

test("an endpoint is told of a job that was canceled, also when the account names it late", async () => {
  const job = await PaidJob.open();
  const id = `wh_${"a".repeat(24)}`;
  const endpoint = { id, url: "https://a.example.com/", name: "a", events: ["job.canceled"], secret: SECRET };
  await job.account.state.createWebhook(endpoint as never);
  job.isDown = (method) => method === "webhooksFor" && job.time.now < NOON + 20_000;
  await job.state.begin(await job.admittedOrder());
  await job.state.cancel();
  await job.passUntil(NOON + 60_000);
  const [sent] = job.sent;
  expect(job.sent.length).toBe(1);
  expect(await sent?.json()).toMatchObject({ type: "job.canceled", data: { entities: [], entities_more: 0 } });
});

test.each([true, false])("the message of a canceled job is sent, with store: %s, and not kept", async (store) => {
  const job = new TestJob();
  const webhook = { url: "https://a.example.com/hook", events: ["job.canceled"], secret: SECRET } as const;
  const statuses = [500, 204];
  job.receive = () => statuses.shift() ?? 204;
  await job.state.begin(jobOrder({ ...(!store && unstored()), webhook }));
  await job.state.cancel();
  await job.ring();
  // Doing it again changes nothing.
  await job.state.cancel();
  await job.passUntil(NOON + 60_000);
  expect(job.sent.length).toBe(2);
  expect(job.database.all("SELECT state, body, url, secret FROM outbox")).toEqual([
    { state: "delivered", body: null, url: null, secret: null },
  ]);
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

test("a job that nobody pays for leaves masks when it is deleted, because other jobs may have stored the same", async () => {
  const job = new TestJob();
  await job.run();
  const masks = () => [...job.bucket.objects.keys()].filter((key) => key.startsWith("masks/public/"));
  const before = masks();
  expect(before.length).toBeGreaterThan(0);
  await job.state.cancel();
  await job.passUntil(NOON + 60_000);
  expect([...job.bucket.objects.keys()]).toEqual(before);
  expect(job.database.all("SELECT * FROM left_names")).toEqual([]);
});

test("the chat of a job hears of its end, and of no job that it has canceled itself", async () => {
  const chat = "telegram/bot/42";
  const job = new TestJob();
  await job.run(jobOrder({ chat, image: { kind: "address", url: ADDRESS } }));
  expect(job.chatsTold).toEqual([[chat, JOB_ID]]);
  const canceled = new TestJob();
  await canceled.state.begin(jobOrder({ chat }));
  await canceled.state.cancel();
  await canceled.passUntil(NOON + 60_000);
  expect(canceled.chatsTold).toEqual([]);
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
    ...{ id, url: `https://${id.slice(-1)}.example.com/`, name: id, events, secret: SECRET },
  });
  const ids = ["a", "b"].map((letter) => `wh_${letter.repeat(24)}`);
  await job.account.state.createWebhook(endpoint(ids[0] ?? "", ["job.succeeded"]) as never);
  await job.account.state.createWebhook(endpoint(ids[1] ?? "", ["job.failed"]) as never);
  await job.run(await job.admittedOrder());
  await job.passUntil(NOON + 60_000);
  expect(job.sent.map(({ url }) => url)).toEqual(["https://a.example.com/"]);
});
