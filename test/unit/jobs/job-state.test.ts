import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { ProblemError } from "../../../schemas/problem.ts";
import { NOON } from "../../support/accounts/account.ts";
import { hangs, JOB_ID, jobOrder, TestJob } from "../../support/jobs/test-job.ts";
import { useQuickHmac } from "../../support/webhooks/quick-hmac.ts";

// The platform computes digests in another thread, whose end no virtual clock can order.
vi.mock("../../../src/storage/digest.ts", () => ({
  sha256: async (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex"),
}));

useQuickHmac();
const DAY = 86_400_000;
const PICTURE = `jobs/public/${JOB_ID}`;

/** A job that ran undisturbed, to compare with. */
async function undisturbed() {
  const job = new TestJob();
  await job.run();
  return { asked: job.asked, answer: await answerOf(job), events: await eventsOf(job) };
}

async function answerOf(job: TestJob) {
  const { stages, ...answer } = JSON.parse((await job.state.result())?.answer ?? "{}");
  return { ...answer, attempts: stages?.map((record: { attempts: number }) => record.attempts) };
}

const eventsOf = async (job: TestJob) => (await job.state.events(0, 0))?.events;
const stateOf = async (job: TestJob) => (await job.state.facts(0))?.state;
const problemOf = async (job: TestJob) => (await job.state.facts(0))?.problem?.code;

describe("a job", () => {
  test("runs to its answer, tells how far it is, and keeps what is needed for its result", async () => {
    const job = new TestJob();
    expect(await job.state.begin(jobOrder())).toBe(true);
    expect(await stateOf(job)).toBe("queued");
    await job.ring();
    expect(await job.state.facts(0)).toMatchObject({
      state: "succeeded",
      startedAt: NOON,
      endedAt: NOON,
      expiresAt: NOON + 7 * DAY,
      partial: false,
      problem: null,
      charge: null,
      progress: { entities: [{ id: "e1", visible: true, regions: 1, masks: 1, latest: "mask" }, { id: "e2" }] },
    });
    expect((await eventsOf(job))?.map(({ number, event }) => `${number} ${event.event}`)).toEqual([
      ...["1 mention", "2 mention", "3 expression", "4 expression"],
      ...["5 visibility", "6 visibility", "7 region", "8 region", "9 mask", "10 mask"],
    ]);
    expect(job.asked.length).toBe(9);
    expect([...job.bucket.objects.keys()]).toContain(PICTURE);
    // Nothing is left of its calls but the answer.
    expect(job.database.all("SELECT * FROM calls")).toEqual([]);
  });

  test("that was killed after any write goes on, asks what is answered no second time, and ends as ever", async () => {
    const calm = await undisturbed();
    const killed = fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }), async (lives) => {
      const job = new TestJob();
      await job.state.begin(jobOrder());
      for (const life of lives) {
        job.lives = life;
        if (job.alarmAt === NOON) await job.ring();
      }
      job.lives = Number.POSITIVE_INFINITY;
      job.evict();
      await job.passUntil(NOON + 60_000);
      expect(await stateOf(job)).toBe("succeeded");
      const { attempts, ...answer } = await answerOf(job);
      const { attempts: _attempts, ...expected } = calm.answer;
      expect(answer).toEqual(expected);
      const bare = (events: Awaited<ReturnType<typeof eventsOf>>) =>
        events?.map(({ event }) => JSON.stringify(event)).toSorted();
      expect(bare(await eventsOf(job))).toEqual(bare(calm.events));
      // Only what a death cut off is asked again.
      expect(job.asked.length).toBeLessThanOrEqual(calm.asked.length + job.cutOff);
      // Every attempt is counted, once.
      const counted = attempts.reduce((sum: number, count: number) => sum + count, 0);
      expect(counted).toBeGreaterThanOrEqual(calm.asked.length);
      expect(counted).toBeLessThanOrEqual(job.asked.length);
    });
    await fc.assert(killed, { numRuns: 60 });
  });

  test("that ends its process each time is given up", async () => {
    const job = new TestJob();
    await job.state.begin(jobOrder());
    for (let times = 0; times < 40 && (await stateOf(job)) !== "failed"; times++) {
      job.lives = 2;
      await job.ring();
      job.lives = Number.POSITIVE_INFINITY;
    }
    expect(await job.state.facts(0)).toMatchObject({ state: "failed", problem: { code: "internal" } });
    expect(job.database.all("SELECT runs FROM job")).toEqual([{ runs: 25 }]);
  });

  test("is begun once", async () => {
    const job = new TestJob();
    await job.run();
    job.evict();
    expect(await job.state.begin(jobOrder({ reference: "another" }))).toBe(false);
    expect(await job.state.facts(0)).toMatchObject({ state: "succeeded", order: { reference: null } });
  });

  test("that was never begun answers null and stores nothing", async () => {
    const { state, database } = new TestJob();
    const answers = [await state.facts(0), await state.events(0, 0), await state.result()];
    await Promise.all([state.fetched(), state.settled(1_000)]);
    await state.alarm();
    expect([...answers, await state.redeliver("whd_1")]).toEqual([null, null, null, false]);
    expect(database.all("SELECT name FROM sqlite_master")).toEqual([]);
  });

  test("that was canceled before it was begun is not begun within the hour, and then nothing is left", async () => {
    const job = new TestJob();
    expect([await job.state.cancel(), await job.state.cancel()]).toEqual([null, null]);
    await job.passUntil(NOON + 3_599_000);
    job.evict();
    expect(await job.state.begin(jobOrder())).toBe(false);
    expect([await job.state.facts(0), await job.state.result()]).toEqual([null, null]);
    await job.passUntil(NOON + 3_600_000);
    expect([job.asked, job.alarmAt, job.database.all("SELECT name FROM sqlite_master")]).toEqual([[], null, []]);
    expect(await job.state.begin(jobOrder())).toBe(true);
  });

  test.each([
    ["a problem that does not pass", "picture_not_fetched", {}, "failed", "picture_not_fetched"],
    ["a problem that passes too late", "overloaded", { deadline: NOON + 5_000 }, "failed", "overloaded"],
  ] as const)("fails with %s", async (_, code, order, state, problem) => {
    const job = new TestJob();
    job.more = { fetchPicture: async () => Promise.reject(new ProblemError(code, "No.", {}, { "Retry-After": "4" })) };
    job.evict();
    await job.run(jobOrder(order));
    expect([await stateOf(job), await problemOf(job)]).toEqual([state, problem]);
    expect(await job.state.result()).toBeNull();
  });

  test("waits for what passes, as long as it is told, and goes on", async () => {
    const job = new TestJob();
    let tries = 0;
    job.more = {
      fetchPicture: async () => {
        if (++tries < 3) throw new ProblemError("overloaded", "Full.", {}, { "Retry-After": "7" });
        return job.png();
      },
    };
    job.evict();
    await job.run();
    expect(await job.state.facts(0)).toMatchObject({ state: "succeeded", endedAt: NOON + 14_000 });
  });

  test("expires when its deadline passes before any model has answered", async () => {
    const job = new TestJob();
    job.before = (_, { signal }) => hangs(signal);
    await job.run();
    expect([await stateOf(job), await problemOf(job)]).toEqual(["expired", "deadline_exceeded"]);
    expect((await job.state.facts(0))?.endedAt).toBe(NOON + 600_000);
  });

  test("has a partial answer when a stage does not answer by the deadline", async () => {
    const job = new TestJob();
    job.before = (stage, { signal }) => (stage === "segmentation" ? hangs(signal) : undefined);
    await job.run(jobOrder({ deadline: NOON + 60_000 }));
    expect(await job.state.facts(0)).toMatchObject({ state: "succeeded", partial: true });
  });
});

describe("the picture of a job", () => {
  test("is fetched once, however often the process dies", async () => {
    const job = new TestJob();
    await job.state.begin(jobOrder());
    // It dies after the first finding.
    job.lives = 6;
    await job.ring();
    expect(job.pictures).toBe(1);
    job.lives = Number.POSITIVE_INFINITY;
    await job.ring();
    expect([job.pictures, await stateOf(job)]).toEqual([1, "succeeded"]);
  });

  test("that came with the request is read from R2, and is never fetched", async () => {
    const first = new TestJob();
    await first.run();
    const job = new TestJob();
    job.bucket.objects.set(PICTURE, first.bucket.objects.get(PICTURE) as never);
    await job.run(jobOrder({ image: { kind: "stored" } }));
    expect([job.pictures, await stateOf(job)]).toEqual([0, "succeeded"]);
  });
});

describe("waiting for a job", () => {
  test.each([
    ["its end", (job: TestJob) => job.state.facts(60_000)],
    ["a finding", (job: TestJob) => job.state.events(0, 60_000)],
    ["a finding after the last", (job: TestJob) => job.state.events(99, 60_000)],
  ])("ends at once with %s", async (_, wait) => {
    const job = new TestJob();
    await job.state.begin(jobOrder());
    const waiting = wait(job).then(() => job.time.now);
    await job.ring();
    expect(await waiting).toBe(NOON);
  });

  test("ends after the time when nothing changes", async () => {
    const job = new TestJob();
    await job.state.begin(jobOrder());
    expect(await job.time.pass(job.state.facts(20_000))).toMatchObject({ state: "queued" });
    expect(job.time.now).toBe(NOON + 20_000);
  });
});

describe("the alarm of a job", () => {
  test("that was repeated as often as the platform does is one that the job has set by itself", async () => {
    const job = new TestJob();
    await job.state.begin(jobOrder());
    for (let deaths = 0; deaths < 10; deaths++) {
      job.lives = 2;
      await job.ring();
    }
    job.lives = Number.POSITIVE_INFINITY;
    await job.passUntil(NOON + 60_000);
    expect(await stateOf(job)).toBe("succeeded");
  });

  test("is not moved before the platform's last repeats: they may come sooner", async () => {
    const job = new TestJob();
    await job.state.begin(jobOrder());
    job.lives = 2;
    await job.ring();
    expect([job.alarmAt, job.retries]).toEqual([NOON, 1]);
  });

  test.each([
    ["gone", null],
    ["long over", NOON - 1],
  ])("that is %s is set again by every look", async (_, at) => {
    const looks = [
      (job: TestJob) => job.state.begin(jobOrder()),
      (job: TestJob) => job.state.facts(0),
      (job: TestJob) => job.state.events(0, 0),
    ];
    for (const look of looks) {
      const job = new TestJob();
      await job.state.begin(jobOrder());
      job.time.now = NOON + 60_000;
      job.alarmAt = at;
      await look(job);
      expect(job.alarmAt).toBe(NOON + 62_000);
      await job.ring();
      expect(await stateOf(job)).toBe("succeeded");
    }
  });

  test("that is due is let be, and so is none while it rings", async () => {
    const job = new TestJob();
    await job.state.begin(jobOrder());
    job.time.now = NOON + 59_000;
    await job.state.facts(0);
    expect(job.alarmAt).toBe(NOON);
    const seen: unknown[] = [];
    job.before = async () => {
      await job.state.facts(0);
      seen.push(job.alarmAt);
    };
    await job.ring();
    expect(new Set(seen)).toEqual(new Set([null]));
  });

  test("rings later, and not at once, where what it does fails unexpectedly", async () => {
    const job = new TestJob();
    const webhook = { url: "https://a.example.com/hook", events: ["job.succeeded"], secret: SECRET } as const;
    job.more = {
      chance: () => {
        throw new Error("unexpected");
      },
    };
    job.evict();
    await job.state.begin(jobOrder({ webhook }));
    await job.ring();
    expect(job.lines.some(({ event }) => event === "job_alarm_failed")).toBe(true);
    expect(job.alarmAt).toBe(NOON + 2_000);
  });
});

describe("a canceled job", () => {
  test("that has ended deletes what it found before it answers", async () => {
    const job = new TestJob();
    await job.run();
    const facts = await job.state.cancel();
    expect(facts).toMatchObject({ state: "succeeded", expiresAt: null, progress: { entities: [] } });
    expect(await job.state.result()).toBeNull();
    expect(await job.state.events(0, 0)).toEqual({ events: [], ended: true, last: 10 });
    const tables = ["job", "events", "long_texts", "calls", "outbox"];
    expect(JSON.stringify(tables.map((name) => job.database.all(`SELECT * FROM ${name}`)))).not.toMatch(/Eileen|Felix/);
  });

  test("that has ended keeps its answer where only what runs is to be canceled", async () => {
    const job = new TestJob();
    await job.run();
    expect(await job.state.cancel("keep")).toMatchObject({ state: "succeeded", isKept: true });
    expect(await job.state.result()).not.toBeNull();
  });

  test("shows nothing that its run finds while it is being canceled", async () => {
    const job = new TestJob();
    await job.state.begin(jobOrder());
    const late: unknown[] = [];
    job.before = async (stage, { signal }) => {
      if (stage !== "segmentation") return;
      await job.state.cancel();
      job.database.run("INSERT INTO events (identity, event) VALUES ('late', '{\"event\":\"problem\"}')");
      late.push(await eventsOf(job), (await job.state.facts(0))?.progress.entities);
      await hangs(signal);
    };
    await job.ring();
    expect(late.slice(0, 2)).toEqual([[], []]);
    expect(job.database.all("SELECT * FROM events")).toEqual([]);
  });

  test.each(["queued", "running", "between processes", "ended"] as const)(
    "that is %s keeps nothing",
    async (moment) => {
      const job = new TestJob();
      await job.state.begin(
        jobOrder({ webhook: { url: "https://a.example.com/hook", events: ["job.canceled"], secret: SECRET } }),
      );
      if (moment === "running" || moment === "between processes") {
        job.before = async (stage, { resumable, signal }) => {
          if (stage !== "segmentation") return;
          resumable?.keep({ id: "prediction" } as never);
          if (moment === "running") void job.state.cancel();
          else job.kill();
          await hangs(signal);
        };
        await job.ring();
        if (moment === "between processes") expect(await job.state.cancel()).toMatchObject({ state: "canceled" });
      } else {
        if (moment === "ended") await job.ring();
        await job.state.cancel();
      }
      await job.passUntil(job.time.now + 10_000);
      const isOver = moment === "ended";
      expect(await job.state.facts(0)).toMatchObject({ state: isOver ? "succeeded" : "canceled", expiresAt: null });
      expect([await job.state.result(), await eventsOf(job)]).toEqual([null, []]);
      // The number of the last finding is known, and what came after the cancel changes nothing of it.
      const last = { queued: 0, running: 7, "between processes": 7, ended: 10 }[moment];
      expect((await job.state.events(0, 0))?.last).toBe(last);
      // A mask may be another job's, too, where nobody pays.
      expect([...job.bucket.objects.keys()].filter((key) => !key.startsWith("masks/"))).toEqual([]);
      expect(JSON.stringify(job.database.all("SELECT * FROM job"))).not.toContain("Eileen");
      if (moment === "between processes") expect(job.canceled).toContain("prediction");
      expect(job.sent.length).toBe(isOver ? 0 : 1);
      // Doing it again changes nothing.
      expect(await job.state.cancel()).toMatchObject({ state: isOver ? "succeeded" : "canceled" });
    },
  );
});

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
