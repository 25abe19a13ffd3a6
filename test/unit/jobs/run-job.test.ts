import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import { ProblemError } from "../../../schemas/problem.ts";
import { StageError } from "../../../src/stages/model.ts";
import { JobPictures } from "../../../src/storage/job-pictures.ts";
import { OverlayStore } from "../../../src/storage/overlay-store.ts";
import { admitCall, NOON } from "../../support/accounts/account.ts";
import { askingOrder, PaidJob } from "../../support/jobs/paid-job.ts";
import { hangs, JOB_ID, jobOrder, TestJob } from "../../support/jobs/test-job.ts";

// The platform computes digests in another thread, whose end no virtual clock can order.
vi.mock("../../../src/storage/digest.ts", () => ({
  sha256: async (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex"),
}));

test("a job that asks its account by itself is admitted once, however often its process dies", async () => {
  const job = await PaidJob.open();
  await job.state.begin(askingOrder());
  job.lives = 12;
  await job.ring();
  job.lives = Number.POSITIVE_INFINITY;
  await job.passUntil(NOON + 60_000);
  expect(await job.state.facts(0)).toMatchObject({ state: "succeeded", charge: { units: { masks: 2 } } });
  expect(job.calls.filter((method) => method === "admit").length).toBe(1);
  expect((await job.money()).reserved).toBe(0);
});

test("a job waits while its account has as many requests at once as it may have", async () => {
  const job = await PaidJob.open();
  const others: string[] = [];
  const admitOther = async (id: string) => (await job.account.state.admit(admitCall(id, { most: 1_000 }))).outcome;
  for (let id = "req_other"; (await admitOther(id)) === "admitted"; id += "r") others.push(id);
  job.isDown = (method) => {
    if (method === "admit" && job.time.now >= NOON + 4_000) for (const id of others) void job.account.state.release(id);
    return false;
  };
  await job.state.begin(askingOrder());
  await job.passUntil(NOON + 120_000);
  expect((await job.state.facts(0))?.state).toBe("succeeded");
  expect(job.calls.filter((method) => method === "admit").length).toBeGreaterThan(1);
});

test("a job whose account has no money fails at once", async () => {
  const job = await PaidJob.open({ money: 0 });
  await job.run(askingOrder());
  const problem = { code: "payment_required" };
  expect(await job.state.facts(0)).toMatchObject({ state: "failed", endedAt: NOON, problem });
});

test("an account that is down is waited for", async () => {
  const job = await PaidJob.open();
  job.isDown = (method) => method === "admit" && job.time.now < NOON + 30_000;
  await job.state.begin(askingOrder());
  await job.passUntil(NOON + 120_000);
  expect((await job.state.facts(0))?.state).toBe("succeeded");
});

test("max_cost_usd limits the models of a job", async () => {
  const job = new TestJob();
  const order = jobOrder();
  await job.state.begin({ ...order, fields: { ...order.fields, max_cost_usd: "0" } });
  await job.ring();
  // No model here has a price, so that none may be asked.
  expect(job.asked).toEqual([]);
  expect(await job.state.facts(0)).toMatchObject({ state: "failed" });
});

test("a picture that is gone from the store is an unexpected error, of which the caller is told no more", async () => {
  const job = new TestJob();
  await job.run(jobOrder({ image: { kind: "stored" } }));
  const facts = await job.state.facts(0);
  expect(facts).toMatchObject({ state: "failed", problem: { code: "internal", request_id: JOB_ID } });
  expect(facts?.problem?.detail).not.toContain("picture");
});

test("a model that failed for good is not asked again by the process behind a death", async () => {
  const job = new TestJob();
  let [failures, isKilled] = [0, false];
  job.before = (stage, { signal }) => {
    if (stage === "grounding" && failures === 0) {
      failures++;
      throw new StageError("failed", "failed on this input");
    }
    if (stage !== "segmentation" || isKilled) return;
    isKilled = true;
    job.kill();
    return hangs(signal);
  };
  await job.run();
  await job.passUntil(NOON + 60_000);
  expect(isKilled).toBe(true);
  expect(await job.state.facts(0)).toMatchObject({ state: "succeeded", partial: true });
  // One for each entity: the one that failed is not repeated.
  expect(job.asked.filter((stage) => stage === "grounding")).toHaveLength(2);
});

test("a picture is not read from the store where its memory is refused", async () => {
  const first = new TestJob();
  await first.run();
  let reads = 0;
  const [[, { bytes = new Uint8Array(), customMetadata = {} } = {}] = []] = [...first.bucket.objects].filter(([key]) =>
    key.startsWith("jobs/"),
  );
  const body = { cancel: async () => undefined };
  const arrayBuffer = async () => {
    reads++;
    return bytes.slice().buffer;
  };
  const bucket = {
    get: async () => ({ size: bytes.length, customMetadata, body, arrayBuffer }),
  } as unknown as R2Bucket;
  const pictures = new JobPictures(bucket);
  const refuse = () => {
    throw new ProblemError("overloaded", "no room");
  };
  await expect(pictures.get("public", JOB_ID, refuse)).rejects.toThrow("no room");
  expect(reads).toBe(0);
  const sizes: number[] = [];
  await pictures.get("public", JOB_ID, (size) => void sizes.push(size));
  expect([sizes, reads]).toEqual([[bytes.length], 1]);
});

/** A job whose store never answers when an overlay is deleted. */
function deletingHangs(): TestJob {
  const job = new TestJob();
  const bucket = job.bucket.asBucket();
  const remove = () => new Promise<never>(() => undefined);
  const hanging = new Proxy(bucket, {
    get: (target, name) => (name === "delete" ? remove : Reflect.get(target, name)),
  });
  job.more = { overlays: new OverlayStore(hanging) };
  job.evict();
  return job;
}

test("a store that hangs when a failed run cleans up does not delay the end of its job", async () => {
  const job = deletingHangs();
  const deadline = NOON + 60_000;
  job.before = (_, { signal }) => hangs(signal);
  await job.run(jobOrder({ deadline }));
  expect(await job.state.facts(0)).toMatchObject({ state: "expired", endedAt: deadline });
});

test("a job that waits for what its last try still does ends by its deadline", async () => {
  const job = deletingHangs();
  const deadline = NOON + 2_500;
  job.before = () => {
    throw new StageError("rate_limited", "is busy", { retryable: false, retryAfterMs: 1_000 });
  };
  await job.run(jobOrder({ deadline }));
  expect(await job.state.facts(0)).toMatchObject({ state: "expired", endedAt: deadline });
});
