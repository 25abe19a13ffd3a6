import fc from "fast-check";
import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import type { DeliveryNote } from "../../../src/accounts/webhook-calls.ts";
import { NOON, TestAccount } from "../../support/accounts/account.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const FAILING_MS = LIMITS.webhookFailingSeconds * 1000;

const noteOf = (fields: Partial<DeliveryNote> = {}): DeliveryNote => ({
  endpoint: "wh",
  delivery: "msg_1",
  subject: "req_1",
  event: "job.failed",
  attempt: 1,
  at: NOON,
  status: 500,
  error: "answered HTTP 500",
  nextAt: null,
  ...fields,
});

async function open() {
  const account = await TestAccount.open();
  const endpoint = { id: "wh", secret: "s", url: "https://a.test/", events: ["job.failed"], name: "" } as const;
  await account.state.createWebhook(endpoint);
  const facts = async () => (await account.state.listWebhooks())[0];
  return { account, facts, note: (fields: Partial<DeliveryNote> = {}) => account.state.noteDelivery(noteOf(fields)) };
}

const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());

const steps = fc.array(
  fc.record({
    does: fc.constantFrom(
      ...Array<"fails">(6).fill("fails"),
      "succeeds",
      "is gone",
      "is enabled",
      "is enabled",
      "repeats",
    ),
    hours: fc.integer({ min: 1, max: 40 }),
    which: fc.nat(30),
  }),
  { maxLength: 30 },
);

test("an endpoint is disabled with the first failure after three days of nothing but failures, or by 410", async () => {
  const reached = { gone: 0, failing: 0, enabled: 0 };
  await fc.assert(
    fc.asyncProperty(steps, async (tape) => {
      const { account, facts, note } = await open();
      const notes: DeliveryNote[] = [];
      let since: number | null = null;
      let disabled: { readonly at: number; readonly reason: "gone" | "failing" } | null = null;
      for (const { does, hours, which } of tape) {
        account.now += (hours * DAY_MS) / 24;
        const at = account.now;
        const said = { delivery: `msg_${notes.length}`, at };
        if (does === "repeats") {
          // A process that died after it told the account tells it again.
          const earlier = notes[which % Math.max(1, notes.length)];
          if (earlier) await account.state.noteDelivery(earlier);
        } else if (does === "is enabled") {
          await account.state.changeWebhook("wh", { enabled: true });
          if (disabled) reached.enabled += 1;
          if (disabled) [since, disabled] = [null, null];
        } else if (does === "succeeds") {
          notes.push(noteOf({ ...said, status: 204, error: null }));
          since = null;
        } else {
          notes.push(noteOf({ ...said, status: does === "is gone" ? 410 : null }));
          since ??= at;
          if (does === "is gone") disabled ??= { at, reason: "gone" };
          else if (at - since >= FAILING_MS) disabled ??= { at, reason: "failing" };
          if (disabled?.at === at) reached[disabled.reason] += 1;
        }
        const last = notes.at(-1);
        if (last?.at === at) await note(last);
        expect(await facts()).toMatchObject({
          enabled: disabled === null,
          disabled_at: iso(disabled?.at ?? null),
          disabled_reason: disabled?.reason ?? null,
          failing_since: iso(since),
        });
      }
    }),
    { numRuns: 200 },
  );
  for (const times of Object.values(reached)) expect(times).toBeGreaterThan(5);
});

test("a delivery is what its last attempt says, however often and in whatever order its attempts are told", async () => {
  const ends = [
    { status: 503, error: "answered HTTP 503", nextAt: NOON + 60_000 },
    { status: null, error: "cannot be reached", nextAt: null },
    { status: 200, error: null, nextAt: null },
  ] as const;
  const told = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(4)), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(told, fc.array(fc.constantFrom(...ends), { minLength: 6, maxLength: 6 }), async (order, of) => {
      const { account, note } = await open();
      for (const [attempt] of order) await note({ attempt, at: NOON + attempt, ...of[attempt] });
      const made = [...new Set(order.map(([attempt]) => attempt))].sort((one, other) => other - one);
      const [last = 0] = made;
      const state = of[last]?.error === null ? "delivered" : of[last]?.nextAt ? "pending" : "failed";
      const deliveries = await account.state.deliveries("wh");
      expect(deliveries).toMatchObject([{ id: "msg_1", event: "job.failed", subject: "req_1", state }]);
      expect(deliveries?.[0]?.attempts.map(({ attempt }) => attempt)).toEqual(made);
      expect(deliveries?.[0]?.created_at).toBe(iso(NOON + Math.min(...made)));
      expect(await account.state.delivery("wh", "msg_1")).toEqual(deliveries?.[0]);
    }),
    { numRuns: 50 },
  );
});

test("the newest deliveries and attempts are listed, for thirty days, and none of an endpoint that is deleted", async () => {
  const { account, note } = await open();
  const more = LIMITS.webhookDeliveries + 5;
  for (let index = 0; index < more; index++) await note({ delivery: `msg_${index}`, at: NOON + index });
  const listed = (await account.state.deliveries("wh")) ?? [];
  expect(listed.map(({ id }) => id)).toEqual(
    Array.from({ length: LIMITS.webhookDeliveries }, (_, index) => `msg_${more - 1 - index}`),
  );
  expect(account.database.all("SELECT 1 FROM deliveries")).toHaveLength(LIMITS.webhookDeliveries);
  for (let attempt = 1; attempt <= LIMITS.webhookAttempts + 2; attempt++) {
    await note({ delivery: "msg_104", attempt, at: NOON + 104, error: "a".repeat(2 * LIMITS.detailLength) });
  }
  const { attempts } = (await account.state.delivery("wh", "msg_104")) ?? { attempts: [] };
  expect(attempts.map(({ attempt }) => attempt)).toEqual(
    Array.from({ length: LIMITS.webhookAttempts }, (_, index) => LIMITS.webhookAttempts + 2 - index),
  );
  expect(attempts[0]?.error).toHaveLength(LIMITS.detailLength);
  await account.passUntil(NOON + LIMITS.deliveryRecordSeconds * 1000 + 50);
  expect(((await account.state.deliveries("wh")) ?? []).map(({ id }) => id)).toContain("msg_104");
  await account.passUntil(NOON + LIMITS.deliveryRecordSeconds * 1000 + DAY_MS);
  expect(await account.state.deliveries("wh")).toEqual([]);
  expect(account.alarmAt).toBeNull();

  await note({ at: account.now });
  await account.state.deleteWebhook("wh");
  await note({ at: account.now });
  expect(await account.state.deliveries("wh")).toBeNull();
  expect(account.database.all("SELECT 1 FROM deliveries")).toEqual([]);
  const none = new TestAccount();
  await none.state.noteDelivery(noteOf());
  expect(none.alarmAt).toBeNull();
});
