import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { startJobs } from "../routes/jobs/job-harness.ts";
import { withPicture } from "../routes/start-charged.ts";

const tablesOf = (id: string) =>
  runInDurableObject(env.JOBS.getByName(id), (_, { storage }) => {
    return storage.sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE name IN ('job', 'events')")
      .toArray();
  });
const alarmOf = (id: string) => runInDurableObject(env.JOBS.getByName(id), (_, { storage }) => storage.getAlarm());

test("a job is stored in its object's database, wakes it for what is due, and leaves nothing in the end", async () => {
  const app = await startJobs({ runs: false });
  const { id } = await app.begin(await withPicture());
  await app.run(id);
  expect((await tablesOf(id)).length).toBe(2);
  expect(await alarmOf(id)).toBeGreaterThan(Date.now() + 6 * 86_400_000);
  app.pass(40 * 86_400_000);
  await app.run(id);
  expect([await tablesOf(id), await alarmOf(id)]).toEqual([[], null]);
  expect((await app.send("GET", `/v1/jobs/${id}`)).status).toBe(404);
});

test("the object's answers are those of the job, by every method", async () => {
  const app = await startJobs({ runs: false });
  const { id } = await app.begin({ webhook: { url: "https://receiver.example.com/" } });
  await app.run(id);
  expect(app.sent.length).toBe(1);
  const delivery = app.sent[0]?.headers["webhook-id"] ?? "";
  expect(await app.within(id, (job) => job.redeliver(delivery))).toBe(true);
  await app.run(id);
  expect(app.sent.map(({ headers }) => headers["webhook-id"])).toEqual([delivery, delivery]);
  expect(await app.within(id, (job) => job.cancel())).toMatchObject({ state: "succeeded" });
  await app.run(id);
  expect(await app.within(id, (job) => job.result())).toBeNull();
});
