import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Breakers, type Pass, type Verdict } from "../../../src/resilience/breakers.ts";

/** Breakers over a clock that a test moves. */
function start() {
  const time = { now: 0 };
  const breakers = new Breakers(() => time.now);
  const call = (verdict: Verdict) => {
    const pass = breakers.enter("m");
    pass?.end(verdict);
    return pass !== null;
  };
  const fail = (times: number) => Array.from({ length: times }, () => call("failure"));
  return { time, breakers, call, fail };
}

describe("Breakers", () => {
  test("open after five failures one after another, and not when a success comes between", () => {
    const { breakers, call, fail } = start();
    fail(4);
    call("success");
    fail(4);
    expect(breakers.state("m")).toEqual({ state: "closed", failures: 4, retryAt: null });
    fail(1);
    expect(breakers.state("m")).toEqual({ state: "open", failures: 5, retryAt: 1_000 });
    expect(call("success")).toBe(false);
    expect(breakers.state("another")).toMatchObject({ state: "closed" });
  });

  test("let one call probe after a second, and twice as long after each probe that fails, up to 30 s", () => {
    const { time, breakers, fail } = start();
    fail(5);
    const waits: number[] = [];
    for (let probe = 0; probe < 7; probe++) {
      const { retryAt } = breakers.state("m");
      waits.push((retryAt ?? Number.NaN) - time.now);
      time.now = retryAt ?? Number.NaN;
      expect(breakers.state("m").state).toBe("half_open");
      const pass = breakers.enter("m");
      expect(breakers.enter("m")).toBeNull();
      pass?.end("failure");
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  test("close at the first success of a probe, and open a second again at the next five failures", () => {
    const { time, breakers, call, fail } = start();
    fail(5);
    time.now = 1_000;
    expect(call("success")).toBe(true);
    expect(breakers.state("m")).toEqual({ state: "closed", failures: 0, retryAt: null });
    fail(5);
    expect(breakers.state("m").retryAt).toBe(2_000);
  });

  test("let another call probe when the first says nothing, or was dropped", () => {
    const { time, breakers, call, fail } = start();
    fail(5);
    time.now = 1_000;
    expect([call("neutral"), call("neutral")]).toEqual([true, true]);
    expect(breakers.enter("m")).not.toBeNull();
    time.now = 30_999;
    expect(breakers.enter("m")).toBeNull();
    time.now = 31_000;
    expect(breakers.enter("m")).not.toBeNull();
  });

  test("learn nothing from the failure of a call that began before they opened, but close at its success", () => {
    const { time, breakers, fail } = start();
    const [late, later] = [breakers.enter("m"), breakers.enter("m")];
    fail(5);
    time.now = 400;
    late?.end("failure");
    expect(breakers.state("m")).toEqual({ state: "open", failures: 6, retryAt: 1_000 });
    later?.end("success");
    expect(breakers.state("m").state).toBe("closed");
  });

  test("keep to their model, whatever calls begin, end and take how long", () => {
    /** What the documentation says, kept as plainly as possible. */
    const model = { failures: 0, open: null as number | null, openMs: 0, probe: null as number | null };
    type Step = { readonly kind: "enter" | "end" | "wait"; readonly verdict: Verdict; readonly ms: number };
    const step: fc.Arbitrary<Step> = fc.record({
      kind: fc.constantFrom("enter", "enter", "end", "end", "wait"),
      verdict: fc.constantFrom<Verdict>(...Array<Verdict>(8).fill("failure"), "success", "neutral"),
      ms: fc.oneof(fc.integer({ min: 0, max: 1_500 }), fc.integer({ min: 0, max: 40_000 })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(), (steps, seed) => {
        Object.assign(model, { failures: 0, open: null, openMs: 0, probe: null });
        const { time, breakers } = start();
        const running: Array<{ pass: Pass; probe: number | null }> = [];
        for (const [index, { kind, verdict, ms }] of steps.entries()) {
          if (kind === "wait") time.now += ms;
          if (kind === "enter") {
            const isWaiting = model.open !== null && time.now < model.open + model.openMs;
            const isProbed = model.open !== null && model.probe !== null && time.now < model.probe + 30_000;
            const pass = breakers.enter("m");
            expect(pass === null).toBe(isWaiting || isProbed);
            if (pass && model.open !== null) model.probe = time.now;
            if (pass) running.push({ pass, probe: model.open === null ? null : time.now });
          }
          if (kind === "end" && running.length > 0) {
            const [ended] = running.splice((seed + index) % running.length, 1);
            ended?.pass.end(verdict);
            const isProbe = ended?.probe !== null && ended?.probe === model.probe;
            if (isProbe) model.probe = null;
            if (verdict === "success") Object.assign(model, { failures: 0, open: null, openMs: 0, probe: null });
            if (verdict === "failure") {
              model.failures++;
              if (model.open === null ? model.failures >= 5 : isProbe) {
                model.openMs = model.open === null ? 1_000 : Math.min(30_000, 2 * model.openMs);
                model.open = time.now;
              }
            }
          }
          expect(breakers.state("m").failures).toBe(model.failures);
          expect(breakers.state("m").state === "closed").toBe(model.open === null);
          const [opens, probed] = [(model.open ?? 0) + model.openMs, model.probe === null ? 0 : model.probe + 30_000];
          expect(breakers.state("m").retryAt).toBe(model.open === null ? null : Math.max(opens, probed));
        }
      }),
      { numRuns: 500 },
    );
  });
});
