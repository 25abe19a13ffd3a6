import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { problemDocument } from "../../../../schemas/problem.ts";
import { BatchMessage, JobMessage, type MessageEntity, PingMessage } from "../../../../schemas/webhook-messages.ts";
import { batchMessage, type JobOutcome, jobMessage, pingMessage } from "../../../../src/webhooks/outbox/messages.ts";
import { unicode } from "../../../support/unicode.ts";

const NOW = Date.UTC(2026, 10, 26, 12);
const ID = "req_01JD0000000000000000000000-1000";
const BASE = `https://namesight.example/v1/jobs/${ID}`;
const LINKS = { job: BASE, result: `${BASE}/result`, events: `${BASE}/events` };

const outcome = (change: Partial<JobOutcome> = {}): JobOutcome => ({
  id: ID,
  operation: "recognize",
  state: "succeeded",
  reference: "post 7",
  batchId: "batch_01JD0000000000000000000000",
  createdAt: NOW - 5_000,
  endedAt: NOW,
  partial: false,
  problem: null,
  charge: { amount_usd: "0.0065", units: { calls: 1, entities: 1, masks: 1 }, balance_usd: "9.9" },
  entities: [{ id: "e1", text: "Eileen Collins", type: "person", visible: true, regions: 1, masks: 1 }],
  ...change,
});
const parsed = (body: string) => JobMessage.parse(JSON.parse(body));
const bytes = (body: string) => Buffer.byteLength(body);

describe("jobMessage", () => {
  test("says how a job ended", () => {
    expect(JSON.parse(jobMessage(outcome(), LINKS))).toEqual({
      type: "job.succeeded",
      timestamp: "2026-11-26T12:00:00.000Z",
      data: {
        id: ID,
        operation: "recognize",
        state: "succeeded",
        reference: "post 7",
        batch_id: "batch_01JD0000000000000000000000",
        created_at: "2026-11-26T11:59:55.000Z",
        ended_at: "2026-11-26T12:00:00.000Z",
        partial: false,
        problem: null,
        charge: { amount_usd: "0.0065", units: { calls: 1, entities: 1, masks: 1 }, balance_usd: "9.9" },
        entities: [{ id: "e1", text: "Eileen Collins", type: "person", visible: true, regions: 1, masks: 1 }],
        entities_more: 0,
        links: LINKS,
      },
    });
  });

  test("has no field of an entity, and of a problem no list, beyond the contract", () => {
    const entity = { ...outcome().entities[0], mentions: ["the whole text"] } as unknown as MessageEntity;
    const errors = [{ pointer: "/text", detail: "is wrong", value: "the whole text" }];
    const problem = problemDocument("invalid_request", "a".repeat(600), { errors });
    const body = jobMessage(outcome({ state: "failed", entities: [entity], problem, charge: null }), LINKS);
    expect(body).not.toContain("the whole text");
    expect(parsed(body).data.problem).toEqual(problemDocument("invalid_request", `${"a".repeat(500)}…`));
  });

  const texts = fc.oneof(unicode, fc.string({ unit: "binary", maxLength: LIMITS.nameLength, size: "max" }));
  const long = fc.oneof(
    texts,
    fc
      .tuple(fc.constantFrom("a", "é", "語", "🚀", "\u0000", "\ud83d", '"'), fc.nat({ max: 12_000 }))
      .map(([character, length]) => character.repeat(length)),
  );
  const entities = fc.array(
    fc.record({
      id: fc.string({ maxLength: LIMITS.idLength, size: "max" }),
      text: long,
      type: fc.string({ maxLength: LIMITS.typeLength }),
      visible: fc.option(fc.boolean()),
      regions: fc.nat({ max: 100 }),
      masks: fc.nat({ max: 100 }),
    }),
    { maxLength: LIMITS.entities, size: "max" },
  );

  test("has at most 20,000 bytes, whatever the names are, and as many entities as there is room for", () => {
    let [cut, whole] = [0, 0];
    fc.assert(
      fc.property(entities, long, long, (found, reference, detail) => {
        const problem = problemDocument("stage_failed", detail);
        const given = outcome({ entities: found, reference, problem });
        const body = jobMessage(given, LINKS);
        expect(bytes(body)).toBeLessThanOrEqual(LIMITS.webhookBytes);
        const { entities: shown, entities_more: more } = parsed(body).data;
        expect(shown).toEqual(JSON.parse(JSON.stringify(found.slice(0, shown.length))));
        expect(shown.length + more).toBe(found.length);
        if (more === 0) return void whole++;
        cut++;
        const next = bytes(JSON.stringify(found[shown.length])) + 1;
        expect(bytes(body) + next).toBeGreaterThan(LIMITS.webhookBytes);
      }),
    );
    expect(Math.min(cut, whole)).toBeGreaterThan(5);
  });
});

test("batchMessage and pingMessage are as the contract says", () => {
  const batch = {
    id: "batch_1",
    state: "ended",
    createdAt: NOW - 1,
    endedAt: NOW,
    counts: { succeeded: 9, failed: 1 },
  };
  const links = { batch: "https://namesight.example/v1/batches/1", results: "https://namesight.example/r" };
  const body = batchMessage({ ...batch, amount: 65_000_000 }, links);
  expect(BatchMessage.parse(JSON.parse(body))).toEqual({
    type: "batch.ended",
    timestamp: "2026-11-26T12:00:00.000Z",
    data: {
      id: "batch_1",
      state: "ended",
      created_at: "2026-11-26T11:59:59.999Z",
      ended_at: "2026-11-26T12:00:00.000Z",
      counts: { succeeded: 9, failed: 1 },
      amount_usd: "0.065",
      links,
    },
  });
  expect(JSON.parse(batchMessage({ ...batch, amount: null }, links)).data.amount_usd).toBeNull();
  expect(PingMessage.parse(JSON.parse(pingMessage("wh_1", NOW)))).toEqual({
    type: "ping",
    timestamp: "2026-11-26T12:00:00.000Z",
    data: { id: "wh_1" },
  });
});
