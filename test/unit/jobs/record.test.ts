import { expect, test } from "vitest";
import {
  ANSWER,
  endJob,
  expireBy,
  forgetFindings,
  notePicture,
  noteRun,
  readJob,
  writeJob,
  writePayer,
} from "../../../src/jobs/record.ts";
import { createTables } from "../../../src/jobs/tables.ts";
import { readLongText } from "../../../src/storage/long-texts.ts";
import { NodeDatabase } from "../../support/accounts/node-database.ts";
import { jobOrder } from "../../support/jobs/test-job.ts";

const webhook = { url: "https://a.example.com/", events: ["job.failed"], secret: "whsec_secret" } as const;

function begun() {
  const database = new NodeDatabase();
  createTables(database);
  writeJob(database, jobOrder({ webhook }));
  return database;
}

test("a job is as it was ordered, and its first start counts", () => {
  const database = begun();
  const order = jobOrder({ webhook });
  expect(readJob(database)).toEqual({
    ...{ order, payer: order.payer, hasPicture: false, state: "queued", startedAt: null, endedAt: null },
    ...{ expiresAt: null, partial: null, problem: null, charge: null, delivery: null, isKept: true, runs: 0 },
  });
  noteRun(database, 5);
  noteRun(database, 6);
  notePicture(database);
  writePayer(database, { kind: "admitted", facts: {} as never }, 60);
  expect(readJob(database)).toMatchObject({
    ...{
      state: "running",
      startedAt: 5,
      runs: 2,
      hasPicture: true,
      payer: { kind: "admitted" },
      order: { keepSeconds: 60 },
    },
  });
});

test("the first end stands, and nothing of what was asked or found is kept once it is forgotten", () => {
  const database = begun();
  const delivery = { units: { calls: 1, entities: 0, masks: 0 }, amount: 4, cost: null };
  const charge = { amount_usd: "0.1", units: delivery.units, balance_usd: null };
  const answered = { answer: '{"secret":1}', partial: true, charge, delivery };
  expect(endJob(database, { state: "succeeded", answered }, 7, 9)).toBe(true);
  expect(endJob(database, { state: "canceled" }, 8, null)).toBe(false);
  const ended = { state: "succeeded", endedAt: 7, expiresAt: 9, partial: true, charge, delivery };
  expect(readJob(database)).toMatchObject(ended);
  expect(readLongText(database, ANSWER)).toBe('{"secret":1}');
  forgetFindings(database);
  expect(readLongText(database, ANSWER)).toBeNull();
  const known = { ...ended, expiresAt: null, isKept: false };
  expect(readJob(database)).toMatchObject({ ...known, order: { fields: {}, webhook: { ...webhook, secret: "" } } });
});

test("a result is kept until the earliest time that is said, and none is kept longer", () => {
  const database = begun();
  expect(expireBy(database, 5)).toBe(false);
  endJob(database, { state: "succeeded" }, 7, 9);
  expect([expireBy(database, 9), expireBy(database, 8), expireBy(database, 9)]).toEqual([false, true, false]);
  expect(readJob(database).expiresAt).toBe(8);
  forgetFindings(database);
  expect([expireBy(database, 7), readJob(database).expiresAt]).toEqual([false, null]);
});
