import fc from "fast-check";
import { expect, test } from "vitest";
import { PLANS } from "../../../schemas/plans.ts";
import { countRequest, quotasOf, type Windows } from "../../../src/accounts/quotas.ts";
import { NOON, TestAccount } from "../../support/accounts/account.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const READ = "SELECT minute, minute_requests, day, day_requests FROM account";

test("requests count in the minute and the day in which they came", async () => {
  const steps = fc.array(fc.oneof(fc.nat(20_000), fc.nat(DAY_MS)), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(steps, async (waits) => {
      const { database } = await TestAccount.open({ plan: "large" });
      const times: number[] = [];
      let now = NOON;
      for (const wait of waits) {
        now += wait;
        const [windows] = database.all<Windows>(READ);
        if (!windows) throw new Error("the account has no row");
        const [minute, day] = quotasOf(PLANS.large, windows, now, 0);
        const since = (length: number) =>
          times.filter((time) => Math.floor(time / length) === Math.floor(now / length));
        expect(minute?.remaining).toBe(PLANS.large.minuteRequests - since(60_000).length);
        expect(day?.remaining).toBe(PLANS.large.dayRequests - since(DAY_MS).length);
        for (const { window, reset } of [minute, day].filter((quota) => quota !== undefined)) {
          const end = now + reset * 1000;
          expect(Math.floor((end - 1000) / (window * 1000))).toBe(Math.floor(now / (window * 1000)));
          expect(Math.floor(end / (window * 1000))).toBe(Math.floor(now / (window * 1000)) + 1);
        }
        countRequest(database, windows, now);
        times.push(now);
      }
    }),
    { numRuns: 50 },
  );
});
