import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { recordAttempt, takeDue } from "../../../../src/webhooks/outbox/attempts.ts";
import {
  createOutbox,
  dropUnsent,
  enqueue,
  type Message,
  nextDue,
  pending,
  redeliver,
  told,
} from "../../../../src/webhooks/outbox/outbox.ts";
import { NodeDatabase } from "../../../support/accounts/node-database.ts";

const NOW = 1_000_000;
const OWN = { url: "https://example.com/hook", secret: "whsec_own" };
const message = (change: Partial<Message> = {}): Message => ({
  subject: "req_01JD-7",
  event: "job.succeeded",
  receiver: { endpoint: "wh_1" },
  body: '{"a":1}',
  ...change,
});

let database: NodeDatabase;
beforeEach(() => {
  database = new NodeDatabase();
  createOutbox(database);
});

/** Records an attempt at a message that is due. */
function attempt(id: string, status: number, now = NOW): number | null {
  const due = takeDue(database, id, now);
  if (!due) throw new Error("is not due");
  return recordAttempt(database, due, { status, retryAfterMs: null }, now, 0);
}

describe("enqueue", () => {
  test("makes one id of subject, event and receiver, without a full stop", () => {
    const ids = [
      enqueue(database, message(), NOW),
      enqueue(database, message({ receiver: { endpoint: "wh_2" } }), NOW),
      enqueue(database, message({ receiver: OWN }), NOW),
      enqueue(database, message({ event: "job.failed" }), NOW),
      enqueue(database, message({ subject: "batch_1", event: "batch.ended" }), NOW),
    ];
    expect(ids).toEqual([
      "msg_req_01JD-7_job_succeeded_wh_1",
      "msg_req_01JD-7_job_succeeded_wh_2",
      "msg_req_01JD-7_job_succeeded_own",
      "msg_req_01JD-7_job_failed_wh_1",
      "msg_batch_1_batch_ended_wh_1",
    ]);
  });

  test("changes nothing when a message is stored again, delivered or not", () => {
    const id = enqueue(database, message(), NOW);
    expect(enqueue(database, message({ body: "{}" }), NOW + 5)).toBe(id);
    expect([nextDue(database), takeDue(database, id, NOW)?.body]).toEqual([NOW, '{"a":1}']);
    attempt(id, 204);
    enqueue(database, message(), NOW + 9);
    expect(pending(database)).toBe(false);
  });

  test("works inside a transaction of its caller", () => {
    const stored = () =>
      database.transaction(() => {
        enqueue(database, message(), NOW);
        throw new Error("undone");
      });
    expect(stored).toThrow("undone");
    expect(pending(database)).toBe(false);
  });
});

test("createOutbox keeps the messages that are there", () => {
  enqueue(database, message(), NOW);
  createOutbox(database);
  expect(pending(database)).toBe(true);
});

test("nextDue is the earliest of those that are pending; told is true when all were delivered", () => {
  expect([nextDue(database), pending(database), told(database)]).toEqual([null, false, false]);
  const first = enqueue(database, message(), NOW);
  const second = enqueue(database, message({ receiver: OWN }), NOW + 60_000);
  expect([nextDue(database), pending(database), told(database)]).toEqual([NOW, true, false]);
  expect(attempt(first, 500)).toBe(NOW + 5_000);
  expect(nextDue(database)).toBe(NOW + 5_000);
  attempt(first, 200, NOW + 5_000);
  expect([nextDue(database), told(database)]).toEqual([NOW + 60_000, false]);
  attempt(second, 200, NOW + 60_000);
  expect([nextDue(database), pending(database), told(database)]).toEqual([null, false, true]);
});

describe("redeliver", () => {
  test("knows no other message", () => {
    enqueue(database, message(), NOW);
    expect(redeliver(database, "msg_other", NOW)).toBe(false);
  });

  test.each([
    ["was delivered", 200, null],
    ["failed for good", 410, null],
    ["waits for its next attempt", 500, NOW + 5_000],
  ])("sends a message again that %s, by the whole schedule and with later numbers", (_, status, nextAt) => {
    const id = enqueue(database, message(), NOW);
    expect(attempt(id, status)).toBe(nextAt);
    expect(redeliver(database, id, NOW + 1)).toBe(true);
    expect([nextDue(database), takeDue(database, id, NOW + 1)?.attempts]).toEqual([NOW + 1, 1]);
    const dues: Array<number | null> = [NOW + 1];
    for (let at: number | null = NOW + 1; at !== null; ) {
      at = attempt(id, 500, at);
      dues.push(at);
    }
    expect([dues.length, dues.at(-1)]).toEqual([9, null]);
  });
});

describe("dropUnsent", () => {
  test("gives up what was not delivered, and erases what could be sent again", () => {
    const delivered = enqueue(database, message(), NOW);
    const own = enqueue(database, message({ receiver: OWN }), NOW);
    attempt(delivered, 200);
    dropUnsent(database);
    expect([pending(database), told(database)]).toEqual([false, false]);
    for (const id of [delivered, own]) expect(redeliver(database, id, NOW)).toBe(false);
    const kept = JSON.stringify(database.all("SELECT * FROM outbox"));
    expect(kept).not.toMatch(/example\.com|whsec|\{\\"a/);
  });

  test("leaves what was delivered as it is", () => {
    attempt(enqueue(database, message(), NOW), 200);
    dropUnsent(database);
    expect(told(database)).toBe(true);
  });
});

test("a message that was not tried in three days has failed", () => {
  const id = enqueue(database, message(), NOW);
  const end = NOW + 1000 * LIMITS.webhookTrySeconds;
  expect(takeDue(database, id, end)?.id).toBe(id);
  expect(takeDue(database, id, end + 1)).toBeNull();
  expect(pending(database)).toBe(false);
});
