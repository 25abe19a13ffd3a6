import { beforeEach, describe, expect, test } from "vitest";
import {
  type DueMessage,
  dueIds,
  giveUp,
  postpone,
  recordAttempt,
  takeDue,
} from "../../../../src/webhooks/outbox/attempts.ts";
import { createOutbox, dropUnsent, enqueue, nextDue, redeliver } from "../../../../src/webhooks/outbox/outbox.ts";
import { NodeDatabase } from "../../../support/accounts/node-database.ts";

const NOW = 1_000_000;
const DAY = 86_400_000;
const FAILED = { status: 500, retryAfterMs: null };
const DELIVERED = { status: 200, retryAfterMs: null };

let database: NodeDatabase;
let id: string;
let due: DueMessage;
beforeEach(() => {
  database = new NodeDatabase();
  createOutbox(database);
  id = add("wh_1");
  due = take();
});

const add = (endpoint: string, at = NOW) =>
  enqueue(database, { subject: "req_1", event: "job.failed", receiver: { endpoint }, body: "{}" }, at);
function take(now = NOW): DueMessage {
  const message = takeDue(database, id, now);
  if (!message) throw new Error("is not due");
  return message;
}
const state = () => database.all<{ state: string }>("SELECT state FROM outbox WHERE id = ?", id)[0]?.state;
const record = (outcome: { status: number | null; retryAfterMs: number | null }, now = NOW) =>
  recordAttempt(database, due, outcome, now, 0);

test("dueIds are those whose time has come, the longest due first", () => {
  const [later, earlier] = [add("wh_2", NOW + 10), add("wh_3", NOW - 10)];
  expect(dueIds(database, NOW)).toEqual([earlier, id]);
  expect(dueIds(database, NOW + 10)).toEqual([earlier, id, later]);
});

test("takeDue gives what is needed to send a message, and nothing before it is due", () => {
  expect({ ...due }).toEqual({
    id,
    subject: "req_1",
    event: "job.failed",
    endpoint: "wh_1",
    url: null,
    secret: null,
    body: "{}",
    attempts: 0,
    round: 1,
  });
  expect(takeDue(database, id, NOW - 1)).toBeNull();
});

describe("recordAttempt", () => {
  test("delivers, schedules or gives up", () => {
    expect([record(FAILED), state(), takeDue(database, id, NOW)]).toEqual([NOW + 5_000, "pending", null]);
    due = take(NOW + 5_000);
    expect([due.attempts, record(DELIVERED), state(), nextDue(database)]).toEqual([1, null, "delivered", null]);
    redeliver(database, id, NOW);
    due = take();
    expect([record({ status: 410, retryAfterMs: null }), state()]).toEqual([null, "failed"]);
  });

  test("schedules nothing after three days, however long the receiver asks to wait", () => {
    const busy = { status: 429, retryAfterMs: 9 * DAY };
    const attempts: number[] = [];
    for (let at: number | null = NOW; at !== null; ) {
      attempts.push(at);
      due = take(at);
      at = record(busy, at);
    }
    expect([attempts, state()]).toEqual([[NOW, NOW + DAY, NOW + 2 * DAY, NOW + 3 * DAY], "failed"]);
  });

  test("leaves a redelivery due that was asked for while the attempt failed", () => {
    redeliver(database, id, NOW + 1);
    expect([record(FAILED, NOW + 2), state(), nextDue(database)]).toEqual([NOW + 1, "pending", NOW + 1]);
    due = take(NOW + 2);
    expect([due.attempts, record(FAILED, NOW + 2)]).toEqual([1, NOW + 5_002]);
  });

  test("counts an attempt that succeeded for a redelivery that was asked for meanwhile", () => {
    redeliver(database, id, NOW + 1);
    expect([record(DELIVERED, NOW + 2), state()]).toEqual([null, "delivered"]);
  });

  test("does not bring back a message that was dropped or deleted meanwhile", () => {
    dropUnsent(database);
    expect([record(FAILED), state()]).toEqual([null, "failed"]);
    database.empty();
    expect([record(FAILED), record(DELIVERED), state()]).toEqual([null, null, undefined]);
  });
});

test("postpone is no attempt", () => {
  postpone(database, due, NOW + 60_000);
  expect([nextDue(database), take(NOW + 60_000).attempts]).toEqual([NOW + 60_000, 0]);
});

test("giveUp fails a message", () => {
  giveUp(database, due);
  expect([state(), nextDue(database)]).toEqual(["failed", null]);
});

test("neither postpone nor giveUp changes a redelivery that was asked for meanwhile, or a message that was dropped", () => {
  redeliver(database, id, NOW + 1);
  postpone(database, due, NOW + 60_000);
  giveUp(database, due);
  expect([state(), nextDue(database)]).toEqual(["pending", NOW + 1]);
  due = take(NOW + 1);
  dropUnsent(database);
  postpone(database, due, NOW + 60_000);
  expect([state(), nextDue(database)]).toEqual(["failed", null]);
});
