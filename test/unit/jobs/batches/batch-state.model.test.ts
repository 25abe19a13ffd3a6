import fc from "fast-check";
import { expect, test } from "vitest";
import type { JobEnd } from "../../../../schemas/jobs.ts";
import { NOON } from "../../../support/accounts/account.ts";
import type { Fate } from "../../../support/batches/scripted-jobs.ts";
import { BATCH, batchOrder, INVALID, LINE, TestBatch, WITH_FILE } from "../../../support/batches/test-batch.ts";

/** What happens to a batch: the alarm rings, a job ends, something is told, lost or repeated, the process dies. */
type Step =
  | { readonly kind: "ring"; readonly fates: readonly Fate[] }
  | { readonly kind: "end"; readonly choice: number; readonly state: JobEnd; readonly told: "amount" | "end" | "lost" }
  | { readonly kind: "tell"; readonly choice: number }
  | { readonly kind: "evict" | "cancel" };

const fate = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fate>("answered") },
  { weight: 1, arbitrary: fc.constantFrom<Fate>("refused", "lost", "killed") },
);
const state = fc.constantFrom<JobEnd>("succeeded", "succeeded", "failed", "expired", "canceled");
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant("ring" as const), fates: fc.array(fate, { maxLength: 6 }) }) },
  {
    weight: 15,
    arbitrary: fc.record({
      kind: fc.constant("end" as const),
      choice: fc.nat(20),
      state,
      told: fc.constantFrom("amount" as const, "end" as const, "lost" as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("tell" as const), choice: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("evict" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const) }) },
);
const lines = fc.array(fc.constantFrom(LINE, LINE, LINE, WITH_FILE, INVALID), { minLength: 1, maxLength: 9 });

/** What each job that succeeds is charged: by its id, so that no sum is right by chance. */
const amountOf = (id: string) => 10 ** (Number(id.slice(BATCH.length + 1)) - 1);

async function take(batch: TestBatch, one: Step): Promise<void> {
  const { jobs, state } = batch;
  switch (one.kind) {
    case "ring": {
      // Retention is days away, and tested by itself.
      if ((batch.alarmAt ?? Number.POSITIVE_INFINITY) > batch.now + 600_000) return;
      const fates = [...one.fates];
      const killed = Promise.withResolvers<"killed">();
      jobs.fate = () => {
        const next = fates.shift() ?? "answered";
        if (next === "killed") killed.resolve("killed");
        return next;
      };
      const due = batch.alarmAt;
      if ((await Promise.race([batch.ring(), killed.promise])) === "killed") {
        // The process has died. The platform rings the same alarm again, for the next one.
        batch.alarmAt = due;
        batch.evict();
      }
      return;
    }
    case "end": {
      const id = jobs.running[one.choice % jobs.running.length];
      if (id === undefined) return;
      jobs.end(id, one.state, amountOf(id));
      if (one.told === "lost") return;
      const amount = one.state === "succeeded" ? amountOf(id) : 0;
      return jobs.tell(id, state, one.told === "amount" ? amount : undefined);
    }
    case "tell": {
      const id = [...jobs.jobs.keys()][one.choice % jobs.jobs.size];
      return id === undefined ? undefined : jobs.tell(id, state);
    }
    case "evict":
      return batch.evict();
    case "cancel":
      await state.cancel();
  }
}

test("each line ends once, never more run than may, and the batch ends once, whatever is lost or dies", async () => {
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.integer({ min: 1, max: 4 }),
      fc.array(step, { maxLength: 40 }),
      async (all, most, steps) => {
        const batch = new TestBatch();
        await batch.state.begin(batchOrder(all, { maxConcurrent: most, keepSeconds: 1_000_000 }));
        const ends = new Map<number, string>();
        const watch = async () => {
          const { counts } = (await batch.state.facts(0)) ?? {};
          expect(counts?.running).toBeLessThanOrEqual(most);
          const page = await batch.state.lines(0, 100, 0);
          if (page === null || page === "gone") throw new Error("the lines are not known");
          page.lines.forEach(({ number, line, state }, index) => {
            expect(number).toBe(index + 1);
            // An end stays what it was.
            expect(ends.get(line) ?? state).toBe(state);
            ends.set(line, state);
          });
        };
        for (const one of steps) {
          await take(batch, one);
          await watch();
        }
        // Nothing is lost any more: every job ends, and most of the ends are not told.
        batch.jobs.fate = () => "answered";
        for (let rounds = 0; (await batch.state.facts(0))?.endedAt === null; rounds++) {
          expect(rounds).toBeLessThan(100);
          await batch.ring();
          for (const id of batch.jobs.running) batch.jobs.end(id, "succeeded", amountOf(id));
          await watch();
        }
        await batch.passUntil(batch.now + 300_000);
        await watch();

        expect([...ends.keys()].toSorted((a, b) => a - b)).toEqual(all.map((_, index) => index + 1));
        expect(batch.jobs.mostRunning).toBeLessThanOrEqual(most);
        expect(batch.jobs.running).toEqual([]);
        expect(batch.told).toHaveLength(1);
        const facts = await batch.state.facts(0);
        const jobs = [...batch.jobs.jobs];
        const succeeded = jobs.filter(([, job]) => job.state === "succeeded");
        expect(facts?.cost).toBe(succeeded.reduce((sum, [id]) => sum + amountOf(id), 0));
        expect(facts?.counts.succeeded).toBe(succeeded.length);
        if (facts?.canceledAt === null) expect(jobs.length).toBe(all.filter((line) => line !== INVALID).length);
        // A picture is deleted by the job, or by the batch where no job began.
        const unstarted = all.flatMap((line, index) => {
          const id = `${BATCH}-${index + 1}`;
          return line === WITH_FILE && !batch.jobs.jobs.has(id) ? [id] : [];
        });
        expect(new Set(batch.deletedPictures)).toEqual(new Set(unstarted));
        expect(batch.now).toBeGreaterThanOrEqual(NOON);
        expect(batch.database.all("SELECT * FROM lines WHERE fields IS NOT NULL")).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
