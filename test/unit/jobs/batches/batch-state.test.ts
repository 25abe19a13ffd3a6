import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { NOON } from "../../../support/accounts/account.ts";
import { BATCH, batchOrder, INVALID, LINE, TestBatch, WITH_FILE } from "../../../support/batches/test-batch.ts";

const MINUTE = 60_000;
const started = (batch: TestBatch) => [...batch.jobs.jobs.keys()].map((id) => id.slice(BATCH.length + 1));

test("a batch that never began answers null, and stores nothing", async () => {
  const { state, database } = new TestBatch();
  expect(await state.facts(0)).toBeNull();
  expect(await state.lines(0, 10, 0)).toBeNull();
  expect(await state.cancel()).toBeNull();
  await state.ended(1, "succeeded", 5);
  await state.alarm();
  expect(database.all("SELECT name FROM sqlite_master")).toEqual([]);
});

test("it begins once: the same again is known, another request under its id is told so", async () => {
  const batch = new TestBatch();
  expect(await batch.state.begin(batchOrder([LINE]))).toBe("begun");
  batch.evict();
  expect(await batch.state.begin(batchOrder([LINE]))).toBe("known");
  expect(await batch.state.begin(batchOrder([LINE, LINE], { digest: "other" }))).toBe("reused");
  expect(await batch.state.facts(0)).toMatchObject({ posts: 1, digest: "d", createdAt: NOON, endedAt: null });
});

test("lines start in their order, as many at a time as may, each as a job that asks the account", async () => {
  const batch = new TestBatch();
  await batch.state.begin(batchOrder([LINE, INVALID, LINE, LINE, LINE]));
  expect(batch.alarmAt).toBe(NOON);
  await batch.ring();
  expect(started(batch)).toEqual(["1", "3"]);
  expect(batch.jobs.jobs.get(`${BATCH}-3`)?.order).toEqual({
    id: `${BATCH}-3`,
    account: "newsroom",
    operation: "recognize",
    mode: "live",
    fields: { text: "Eileen Collins", store: true },
    image: null,
    payer: {
      kind: "asks",
      credential: { key: "hash", scope: "recognize" },
      most: 1_500_000,
      bodyBytes: 30,
      entities: 25,
    },
    origin: "https://namesight.test",
    acceptedAt: NOON,
    deadline: NOON + 600_000,
    keepSeconds: 3_600,
    reference: "r",
    batch: { id: BATCH, line: 3 },
    chat: null,
    webhook: null,
  });
  // What the job has is not kept twice.
  expect(batch.database.all("SELECT fields FROM lines WHERE line = 1")).toEqual([{ fields: null }]);
  await batch.end(3);
  // The next one takes its place at once, and not with the next alarm.
  expect(started(batch)).toEqual(["1", "3", "4"]);
  const { counts, cost } = (await batch.state.facts(0)) ?? {};
  expect(counts).toEqual({ waiting: 1, running: 2, succeeded: 1, failed: 0, canceled: 0, expired: 0, invalid: 1 });
  expect(cost).toBe(1_500_000);
});

test("nobody pays for a batch without a key", async () => {
  const batch = new TestBatch();
  await batch.state.begin(batchOrder([LINE], { key: null, account: "public" }));
  await batch.ring();
  expect(batch.jobs.jobs.get(`${BATCH}-1`)?.order).toMatchObject({ account: "public", payer: { kind: "nobody" } });
});

test("a batch of invalid lines ends at once, and its end is told once", async () => {
  const batch = new TestBatch();
  await batch.state.begin(batchOrder([INVALID, INVALID]));
  expect(await batch.state.facts(0)).toMatchObject({ endedAt: NOON, expiresAt: NOON + 3_600_000, cost: 0 });
  await batch.ring();
  batch.evict();
  await batch.passUntil(NOON + MINUTE);
  expect(batch.told).toHaveLength(1);
});

test("an end that could not be told is told later", async () => {
  const batch = new TestBatch();
  batch.tellFails = true;
  await batch.state.begin(batchOrder([INVALID]));
  await batch.passUntil(NOON + 12_000);
  expect(batch.told).toEqual([]);
  batch.tellFails = false;
  await batch.passUntil(NOON + MINUTE);
  expect(batch.told).toHaveLength(1);
});

test("a line that is told twice, or late, or out of order, ends once", async () => {
  const batch = new TestBatch();
  await batch.state.begin(batchOrder([LINE, LINE, LINE]));
  await batch.state.ended(3, "failed");
  await batch.ring();
  await batch.end(2);
  await batch.end(2);
  await batch.state.ended(2, "failed");
  expect(await batch.state.lines(0, 10, 0)).toMatchObject({ lines: [{ number: 1, line: 2, state: "succeeded" }] });
  expect(await batch.state.facts(0)).toMatchObject({ cost: 1_500_000 });
});

test("what a job was charged is asked for where it was not told", async () => {
  const batch = new TestBatch();
  await batch.state.begin(batchOrder([LINE]));
  await batch.ring();
  batch.jobs.end(`${BATCH}-1`, "succeeded", 7);
  await batch.state.ended(1, "succeeded");
  await batch.ring();
  expect(await batch.state.facts(0)).toMatchObject({ cost: 7 });
});

test("the end is told once it is known what every answer was charged, and stays when it was", async () => {
  const batch = new TestBatch();
  await batch.state.begin(batchOrder([LINE]));
  await batch.ring();
  batch.jobs.end(`${BATCH}-1`, "succeeded", 7);
  batch.jobs.fate = () => "refused";
  await batch.state.ended(1, "succeeded");
  await batch.ring();
  expect(batch.told).toEqual([]);
  batch.jobs.fate = () => "answered";
  await batch.passUntil(NOON + MINUTE);
  expect(batch.told).toMatchObject([{ cost: 7, endedAt: NOON }]);
});

describe("what is lost", () => {
  test("a silent job is asked after a minute, and every minute while it runs", async () => {
    const batch = new TestBatch();
    await batch.state.begin(batchOrder([LINE]));
    await batch.ring();
    expect(batch.alarmAt).toBe(NOON + MINUTE);
    await batch.ring();
    expect(batch.alarmAt).toBe(NOON + 2 * MINUTE);
    batch.jobs.end(`${BATCH}-1`, "succeeded", 5);
    await batch.passUntil(NOON + 2 * MINUTE);
    expect(await batch.state.facts(0)).toMatchObject({ endedAt: NOON + 2 * MINUTE, cost: 5 });
  });

  test("a job whose begin failed, or was not answered, is begun again as the same job", async () => {
    const batch = new TestBatch();
    await batch.state.begin(batchOrder([LINE, LINE]));
    batch.jobs.fate = (_, id) => (id.endsWith("1") ? "refused" : "lost");
    await batch.ring();
    expect(started(batch)).toEqual(["2"]);
    batch.jobs.fate = () => "answered";
    await batch.passUntil(NOON + 5_000);
    expect(started(batch)).toEqual(["2", "1"]);
    expect(batch.alarmAt).toBe(NOON + 5_000 + MINUTE);
  });

  test("a line whose process died before its job began is begun by the alarm, as the same job and once", async () => {
    const batch = new TestBatch();
    await batch.state.begin(batchOrder([LINE, LINE], { maxConcurrent: 1 }));
    await batch.ring();
    batch.jobs.end(`${BATCH}-1`, "succeeded", 5);
    batch.jobs.fate = () => "killed";
    await batch.jobs.tell(`${BATCH}-1`, batch.state, 5);
    batch.behind = [];
    batch.jobs.jobs.delete(`${BATCH}-2`);
    batch.evict();
    batch.jobs.fate = () => "answered";
    await batch.passUntil(NOON + 5_000);
    expect(started(batch)).toEqual(["1", "2"]);
    expect((await batch.state.facts(0))?.counts).toMatchObject({ running: 1, waiting: 0, succeeded: 1 });
  });

  test("an alarm that the platform has dropped is set again by whoever asks", async () => {
    const asks: Array<(batch: TestBatch) => Promise<unknown>> = [
      ({ state }) => state.facts(0),
      ({ state }) => state.lines(0, 10, 0),
      ({ state }) => state.begin(batchOrder([LINE])),
    ];
    for (const ask of asks) {
      const batch = new TestBatch();
      await batch.state.begin(batchOrder([LINE]));
      batch.alarmAt = null;
      batch.evict();
      await ask(batch);
      expect(batch.alarmAt).toBe(NOON);
      await batch.ring();
      expect(started(batch)).toEqual(["1"]);
    }
  });

  test("a job that is not known any more has failed", async () => {
    const batch = new TestBatch();
    await batch.state.begin(batchOrder([LINE]));
    await batch.ring();
    batch.jobs.jobs.clear();
    await batch.passUntil(NOON + MINUTE);
    expect((await batch.state.facts(0))?.counts).toMatchObject({ failed: 1 });
  });
});

describe("canceled", () => {
  test("a job that has ended, of whose end nothing was heard, keeps its answer", async () => {
    const batch = new TestBatch();
    await batch.state.begin(batchOrder([LINE, LINE]));
    await batch.ring();
    batch.jobs.end(`${BATCH}-1`, "succeeded", 1_500_000);
    await batch.state.cancel();
    await batch.ring();
    expect(await batch.jobs.at(`${BATCH}-1`).result()).not.toBeNull();
    expect(await batch.state.facts(0)).toMatchObject({ counts: { succeeded: 1, canceled: 1 }, cost: 1_500_000 });
  });

  test("what has not started ends, what runs is canceled, and what ended stays", async () => {
    const batch = new TestBatch();
    await batch.state.begin(batchOrder([LINE, LINE, LINE, WITH_FILE]));
    await batch.ring();
    await batch.end(1);
    expect(await batch.state.cancel()).toMatchObject({ canceledAt: NOON, endedAt: null });
    batch.jobs.fate = () => "refused";
    await batch.ring();
    batch.jobs.fate = () => "answered";
    await batch.passUntil(NOON + 5_000);
    const page = await batch.state.lines(0, 10, 0);
    expect(page).toMatchObject({
      ended: true,
      lines: [
        { line: 1, state: "succeeded" },
        { line: 4, state: "canceled", jobId: null },
        { line: 2, state: "canceled", jobId: `${BATCH}-2` },
        { line: 3, state: "canceled", jobId: `${BATCH}-3` },
      ],
    });
    expect(batch.deletedPictures).toEqual([`${BATCH}-4`]);
    expect(await batch.state.cancel()).toMatchObject({ canceledAt: NOON, endedAt: NOON + 5_000 });
  });

  test("a batch that has ended stays as it is", async () => {
    const batch = new TestBatch();
    await batch.state.begin(batchOrder([INVALID]));
    expect(await batch.state.cancel()).toMatchObject({ canceledAt: null, endedAt: NOON });
  });
});

describe("whoever waits", () => {
  test("for the end gets it as soon as it is there, and else what is there when the time is over", async () => {
    const batch = new TestBatch();
    await batch.state.begin(batchOrder([LINE]));
    await batch.ring();
    batch.timers = [];
    const [late, early] = [batch.state.facts(20_000), batch.state.facts(1_000)];
    batch.timers[1]?.abort();
    expect(await early).toMatchObject({ endedAt: null });
    await batch.end(1);
    expect(await late).toMatchObject({ endedAt: NOON });
  });

  test("for the next line gets it as soon as it has ended", async () => {
    const batch = new TestBatch();
    await batch.state.begin(batchOrder([LINE, LINE]));
    await batch.ring();
    const next = batch.state.lines(0, 10, 20_000);
    await batch.end(2, "failed");
    expect(await next).toMatchObject({ lines: [{ number: 1, line: 2, state: "failed" }], ended: false });
    expect(await batch.state.lines(1, 10, 0)).toMatchObject({ lines: [], ended: false });
  });
});

test("results are kept for their time, then the counts alone, and then nothing", async () => {
  const batch = new TestBatch();
  await batch.state.begin(batchOrder([INVALID, LINE]));
  await batch.ring();
  await batch.end(2);
  await batch.passUntil(NOON + 3_599_999);
  expect(await batch.state.lines(0, 10, 0)).toMatchObject({ lines: [{}, {}] });
  await batch.passUntil(NOON + 3_600_000);
  expect(await batch.state.lines(0, 10, 0)).toBe("gone");
  expect(await batch.state.facts(0)).toMatchObject({ counts: { succeeded: 1, invalid: 1 }, cost: 1_500_000 });
  await batch.passUntil(NOON + 3_600_000 + LIMITS.jobRecordSeconds * 1000);
  expect(await batch.state.facts(0)).toBeNull();
  expect(batch.alarmAt).toBeNull();
});

test("a round that fails is made again", async () => {
  const batch = new TestBatch();
  await batch.state.begin(batchOrder([LINE]));
  const { all } = batch.database;
  batch.database.all = () => {
    throw new Error("no database");
  };
  await expect(batch.ring()).resolves.toBe(true);
  batch.database.all = all;
  expect(batch.alarmAt).toBe(NOON + 5_000);
  // Whoever asks meanwhile does not hasten it: it would fail without a pause.
  await batch.state.facts(0);
  await batch.state.lines(0, 10, 0);
  expect(batch.alarmAt).toBe(NOON + 5_000);
  await batch.ring();
  expect(started(batch)).toEqual(["1"]);
});

test("an alarm rings rarely while jobs run, however many tell their ends", async () => {
  const batch = new TestBatch();
  await batch.state.begin(batchOrder(Array.from({ length: 50 }, () => LINE)));
  await batch.ring();
  const first = batch.alarmAt;
  for (let line = 1; line <= 48; line++) await batch.end(line, "failed");
  expect(started(batch)).toHaveLength(50);
  expect(batch.alarmAt).toBe(first === null ? null : Math.min(first, NOON + 5_000));
});

test("a batch that could not be deleted is deleted later", async () => {
  const batch = new TestBatch();
  await batch.state.begin(batchOrder([INVALID]));
  await batch.passUntil(NOON + 3_600_000);
  batch.clearFails = true;
  await batch.ring();
  expect(batch.alarmAt).toBe(batch.now + 5_000);
  batch.clearFails = false;
  await batch.ring();
  expect([await batch.state.facts(0), batch.alarmAt]).toEqual([null, null]);
});
