import { describe, expect, test } from "vitest";
import { BatchMessage, JobMessage, PingMessage } from "../../../schemas/webhook-messages.ts";

const TIME = "2026-11-26T12:00:00.000Z";
const JOB = {
  type: "job.failed",
  timestamp: TIME,
  data: {
    id: "req_01JD0000000000000000000000",
    operation: "mner",
    state: "failed",
    reference: null,
    batch_id: null,
    created_at: TIME,
    ended_at: TIME,
    partial: null,
    problem: null,
    charge: null,
    entities: [],
    entities_more: 0,
    links: { job: "https://a.example/j", result: "https://a.example/r", events: "https://a.example/e" },
  },
};

describe("the contract of webhooks' bodies", () => {
  test("takes a job's end, and no state that is no end", () => {
    expect(JobMessage.safeParse(JOB).success).toBe(true);
    expect(JobMessage.safeParse({ ...JOB, type: "job.running" }).success).toBe(false);
    expect(JobMessage.safeParse({ ...JOB, data: { ...JOB.data, state: "running" } }).success).toBe(false);
  });

  test("takes a batch's end only with amounts as decimal strings", () => {
    const links = { batch: "https://a.example/b", results: "https://a.example/r" };
    const data = { id: "batch_1", state: "ended", created_at: TIME, ended_at: TIME, counts: { failed: 1 }, links };
    const parse = (amount_usd: unknown) =>
      BatchMessage.safeParse({ type: "batch.ended", timestamp: TIME, data: { ...data, amount_usd } }).success;
    expect([parse("0.5"), parse(null), parse(0.5)]).toEqual([true, true, false]);
  });

  test("takes a test only with the endpoint's id", () => {
    expect(PingMessage.safeParse({ type: "ping", timestamp: TIME, data: { id: "wh_1" } }).success).toBe(true);
    expect(PingMessage.safeParse({ type: "ping", timestamp: TIME, data: {} }).success).toBe(false);
  });
});
