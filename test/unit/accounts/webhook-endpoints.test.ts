import fc from "fast-check";
import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import type { NewWebhook } from "../../../src/accounts/webhook-calls.ts";
import { admitCall, NOON, TestAccount } from "../../support/accounts/account.ts";

const MINUTE_MS = 60_000;

const endpoint = (id: string, fields: Partial<NewWebhook> = {}): NewWebhook => {
  return { id, secret: `${id} 0`, url: `https://${id}.test/`, events: ["job.failed"], name: id, ...fields };
};

test("an account tells an event to the endpoints that asked for it and work, and lists all of them", async () => {
  const { state } = await TestAccount.open();
  await state.createWebhook(endpoint("a", { events: ["job.failed", "job.succeeded", "job.failed"] }));
  await state.createWebhook(endpoint("b"));
  const told = async () => {
    const asked = (["job.failed", "job.succeeded", "batch.ended"] as const).map((event) => state.webhooksFor(event));
    return (await Promise.all(asked)).map((endpoints) => endpoints.map(({ id }) => id));
  };
  expect(await told()).toEqual([["a", "b"], ["a"], []]);
  expect(await state.webhook("a")).toEqual({
    id: "a",
    url: "https://a.test/",
    secrets: ["a 0"],
    events: ["job.failed", "job.succeeded"],
  });
  await state.changeWebhook("a", { enabled: false });
  expect([await told(), await state.webhook("a")]).toEqual([[["b"], [], []], null]);
  expect(await state.anyWebhook("a")).toMatchObject({ id: "a" });
  expect((await state.listWebhooks()).map(({ id, enabled }) => [id, enabled])).toEqual([
    ["b", true],
    ["a", false],
  ]);
  // Its owner disabled it, and need not be told so.
  expect((await state.balance()).disabledWebhooks).toEqual([]);
  await state.changeWebhook("a", { enabled: true, url: "https://c.test/", events: ["batch.ended"], name: "c" });
  expect(await told()).toEqual([["b"], [], ["a"]]);
  expect([await state.deleteWebhook("a"), await state.deleteWebhook("a")]).toEqual([true, false]);
  expect(await state.changeWebhook("a", {})).toBeNull();
  expect(await state.rotateWebhook("a", "s", 0)).toBeNull();
  expect(await state.anyWebhook("a")).toBeNull();
  expect((await state.listWebhooks()).map(({ id }) => id)).toEqual(["b"]);
});

test("an account has as many endpoints as it may, and one that was not created has none", async () => {
  const { state } = await TestAccount.open();
  for (let number = 0; number < LIMITS.webhooks; number++) await state.createWebhook(endpoint(`w${number}`));
  expect(await state.createWebhook(endpoint("more"))).toEqual({ outcome: "too_many_webhooks", limit: LIMITS.webhooks });
  await state.deleteWebhook("w3");
  expect(await state.createWebhook(endpoint("more"))).toMatchObject({ id: "more", enabled: true });
  const none = new TestAccount().state;
  expect([await none.listWebhooks(), await none.webhooksFor("job.failed")]).toEqual([[], []]);
  expect([await none.webhook("a"), await none.anyWebhook("a"), await none.deliveries("a")]).toEqual([null, null, null]);
  expect([await none.changeWebhook("a", {}), await none.rotateWebhook("a", "s", 0)]).toEqual([null, null]);
  expect([await none.deleteWebhook("a"), await none.delivery("a", "m")]).toEqual([false, null]);
  await expect(none.createWebhook(endpoint("a"))).rejects.toThrow("does not exist");
});

test("every secret signs from its rotation until the shortest overlap that was asked for, the newest first", async () => {
  const rotations = fc.array(fc.record({ waits: fc.integer({ min: 0, max: 50 }), overlap: fc.nat(100) }), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(rotations, fc.nat(150), async (steps, later) => {
      const account = await TestAccount.open();
      await account.state.createWebhook(endpoint("a"));
      // Until when each secret signs, the newest first.
      let secrets = [{ secret: "a 0", until: Number.POSITIVE_INFINITY }];
      for (const [index, { waits, overlap }] of steps.entries()) {
        account.now += waits;
        const secret = `a ${index + 1}`;
        await account.state.rotateWebhook("a", secret, overlap);
        const older = secrets.map((one) => ({ ...one, until: Math.min(one.until, account.now + overlap) }));
        secrets = [{ secret, until: Number.POSITIVE_INFINITY }, ...older].filter(({ until }) => until > account.now);
        secrets = secrets.slice(0, LIMITS.webhookSecrets);
      }
      account.now += later;
      const signing = secrets.filter(({ until }) => until > account.now);
      expect((await account.state.webhook("a"))?.secrets).toEqual(signing.map(({ secret }) => secret));
      const ends = signing.flatMap(({ until }) => (Number.isFinite(until) ? [until] : []));
      const [facts] = await account.state.listWebhooks();
      const overlap = ends.length > 0 ? new Date(Math.max(...ends)).toISOString() : null;
      expect(facts?.overlap_until).toBe(overlap);
      // No secret is stored for longer than it signs.
      await account.passUntil(account.now + 2 * MINUTE_MS);
      expect(account.database.all("SELECT 1 FROM webhook_secrets")).toHaveLength(1);
    }),
    { numRuns: 100 },
  );
});

test("an admission says how long results are kept, and which endpoints were disabled because they failed", async () => {
  const { state } = await TestAccount.open();
  expect(await state.settings()).toEqual({ resultSeconds: LIMITS.resultSeconds });
  await state.setSettings({ resultSeconds: 7_200 });
  await state.setSettings({ resultSeconds: 3_600 });
  for (const id of ["a", "b", "c"]) await state.createWebhook(endpoint(id));
  const note = { delivery: "m", subject: "req", event: "job.failed", attempt: 1, at: NOON, nextAt: null };
  for (const id of ["c", "a"]) await state.noteDelivery({ ...note, endpoint: id, status: 410, error: "gone" });
  const told = { keepSeconds: 3_600, disabledWebhooks: ["a", "c"] };
  expect(await state.admit(admitCall("r1"))).toMatchObject(told);
  expect(await state.admit(admitCall("r1"))).toMatchObject(told);
  expect((await state.balance()).disabledWebhooks).toEqual(["a", "c"]);
  await state.changeWebhook("a", { enabled: true });
  await state.deleteWebhook("c");
  expect(await state.admit(admitCall("r2"))).toMatchObject({ disabledWebhooks: [] });
  const none = new TestAccount().state;
  expect(await none.settings()).toEqual({ resultSeconds: LIMITS.resultSeconds });
  await expect(none.setSettings({ resultSeconds: 3_600 })).rejects.toThrow("does not exist");
});
