import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replay } from "../../../../bench/bare/replay.ts";
import type { NeededCall } from "../../../../bench/edge/plan.ts";
import { inStartOrder, scheduleCalls } from "../../../../bench/edge/schedule.ts";

/** Calls that end in the order of their times, without a clock of their own. */
class Models {
  now = 0;
  most = 0;
  readonly open: Array<{ end: number; resolve: () => void }> = [];

  ask = (ms: number) =>
    new Promise<void>((resolve) => {
      this.open.push({ end: this.now + ms, resolve });
      this.most = Math.max(this.most, this.open.length);
    });

  /** Ends every call that ends next. */
  async next(): Promise<void> {
    this.now = Math.min(...this.open.map(({ end }) => end));
    const ending = this.open.filter(({ end }) => end === this.now);
    for (const call of ending) {
      this.open.splice(this.open.indexOf(call), 1);
      call.resolve();
    }
    for (let turns = 0; turns < 4; turns++) await Promise.resolve();
  }
}

const layers = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 });

describe("replay", () => {
  it("takes as long as the schedule that it replays, with no more connections", async () => {
    await fc.assert(
      fc.asyncProperty(layers, fc.integer({ min: 1, max: 6 }), async (sizes, connections) => {
        const calls: NeededCall[] = [];
        let before: number[] = [];
        for (const size of sizes) {
          const layer = Array.from({ length: size }, (_, place) => calls.length + place);
          for (const _ of layer) calls.push({ model: "10", ms: 10, one: false, after: before });
          before = layer;
        }
        const schedule = scheduleCalls(calls, connections);
        const models = new Models();
        let done = false;
        const plan = { calls: inStartOrder(calls, schedule), connections };
        const replaying = replay(plan, (model) => models.ask(Number(model))).then(() => {
          done = true;
        });
        while (models.open.length > 0) await models.next();
        await replaying;
        expect(done).toBe(true);
        expect(models.now).toBe(schedule.end);
        expect(models.most).toBeLessThanOrEqual(connections);
      }),
    );
  });

  it("resolves at once without calls, and rejects when a call fails", async () => {
    await replay({ calls: [], connections: 6 }, () => Promise.reject(new Error("not asked")));
    const failing = replay({ calls: [{ model: "m", after: [] }], connections: 6 }, () =>
      Promise.reject(new Error("broken")),
    );
    await expect(failing).rejects.toThrow("broken");
  });
});
