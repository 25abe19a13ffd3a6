import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFunctionsApp } from "../../../functions/app.ts";
import { Repeats } from "../../../functions/repeats.ts";
import type { Prediction } from "../../../schemas/cog.ts";
import { held, input, nothingFound, scripted } from "./scripted-host.ts";

const unbound = new AbortController().signal;
const body = (text: string) => Buffer.from(text);
const KEY = { "idempotency-key": "job-1/mner/1" };

/** Predictions that count how often they ran. */
function counted(output: unknown = null, status: Prediction["status"] = "succeeded") {
  const runs = { count: 0 };
  const run = async (): Promise<Prediction> => ({ id: `p${++runs.count}`, status, output, logs: "" });
  return { runs, run };
}

describe("Repeats", () => {
  test.each(["succeeded", "failed"] as const)(
    "answers a repeat with the bytes of a prediction that %s",
    async (status) => {
      const { runs, run } = counted("x", status);
      const repeats = new Repeats();
      const first = await repeats.answer("mner k", body("{}"), unbound, run);
      expect(await repeats.answer("mner k", body("{}"), unbound, run)).toBe(first);
      expect(runs.count).toBe(1);
    },
  );

  test("answers null to another body under the key, and keeps the keys of stages apart", async () => {
    const { runs, run } = counted();
    const repeats = new Repeats();
    await repeats.answer("mner k", body("{}"), unbound, run);
    expect(await repeats.answer("mner k", body("[]"), unbound, run)).toBeNull();
    await repeats.answer("grounding k", body("[]"), unbound, run);
    expect(runs.count).toBe(2);
  });

  test("forgets a prediction after ten minutes", async () => {
    let now = 0;
    const { runs, run } = counted();
    const repeats = new Repeats(() => now);
    for (const at of [0, 599_999, 600_000]) {
      now = at;
      await repeats.answer("mner k", body("{}"), unbound, run);
    }
    expect(runs.count).toBe(2);
  });

  test("does not keep what was canceled, nor what was refused", async () => {
    const { runs, run } = counted(null, "canceled");
    const repeats = new Repeats();
    await repeats.answer("mner k", body("{}"), unbound, run);
    await expect(
      repeats.answer("mner k", body("{}"), unbound, () => Promise.reject(new Error("busy"))),
    ).rejects.toThrow("busy");
    await repeats.answer("mner k", body("{}"), unbound, run);
    expect(runs.count).toBe(2);
  });

  test("lets the oldest make room, by number and by bytes", async () => {
    const { runs, run } = counted();
    const repeats = new Repeats();
    for (let key = 0; key <= 1_000; key++) await repeats.answer(`mner ${key}`, body("{}"), unbound, run);
    await repeats.answer("mner 1", body("{}"), unbound, run);
    expect(runs.count).toBe(1_001);
    await repeats.answer("mner 0", body("{}"), unbound, run);
    expect(runs.count).toBe(1_002);
    const large = counted("x".repeat(12 * 1024 * 1024));
    for (const key of ["a", "b", "c", "b", "c", "a"])
      await repeats.answer(`mner ${key}`, body("{}"), unbound, large.run);
    expect(large.runs.count).toBe(4);
    const huge = counted("x".repeat(33 * 1024 * 1024));
    for (const key of ["d", "d"]) await repeats.answer(`mner ${key}`, body("{}"), unbound, huge.run);
    expect(huge.runs.count).toBe(2);
  });

  test("runs one prediction at a time under a key, and each call gets an end that was not canceled", async () => {
    const calls = fc.array(fc.constantFrom<Prediction["status"]>("succeeded", "failed", "canceled"), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(calls, fc.scheduler(), async (statuses, scheduler) => {
        const repeats = new Repeats();
        let [running, most, ended] = [0, 0, 0];
        const answers = statuses.map((status) =>
          repeats.answer("mner k", body("{}"), unbound, async () => {
            most = Math.max(most, ++running);
            await scheduler.schedule(Promise.resolve(), status);
            running--;
            if (status !== "canceled") ended++;
            return { id: status, status, logs: "" };
          }),
        );
        await scheduler.waitFor(Promise.all(answers));
        expect([most, ended]).toEqual([1, statuses.some((status) => status !== "canceled") ? 1 : 0]);
      }),
    );
  });
});

describe("POST /{stage}/predictions with an Idempotency-Key", () => {
  test("gives a repeat the same bytes, and a request without the key a prediction of its own", async () => {
    let runs = 0;
    const { post } = scripted(async (asked, context) => {
      runs++;
      return nothingFound(asked, context);
    });
    const [first, again] = [await post({ input }, KEY), await post({ input }, KEY)];
    expect([again.status, again.headers.get("content-type")]).toEqual([200, first.headers.get("content-type")]);
    expect(await again.text()).toBe(await first.text());
    await post({ input });
    expect(runs).toBe(2);
  });

  test("answers 422 to another body under the key, and to a key that is too long", async () => {
    const { post } = scripted();
    await post({ input }, KEY);
    for (const response of [
      await post({ input: { text: "Houston" } }, KEY),
      await post({ input }, { "idempotency-key": "x".repeat(256) }),
    ]) {
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ detail: [{ loc: ["body", "idempotency-key"] }] });
    }
  });

  test("waits for the first when it comes while that one runs", async () => {
    const { run, begun, release } = held();
    const { post } = scripted(run);
    const first = post({ id: "a", input }, KEY);
    await begun;
    const again = post({ id: "a", input }, KEY);
    release();
    expect(await (await again).text()).toBe(await (await first).text());
  });

  test("runs anew when the first lost its connection, which canceled its prediction", async () => {
    const { run, begun, release } = held();
    const { hosts, admission } = scripted(run);
    const app = createFunctionsApp(hosts, admission);
    const leave = new AbortController();
    const ask = (signal: AbortSignal) =>
      app.request(
        new Request("http://localhost/mner/predictions", {
          method: "POST",
          body: JSON.stringify({ input }),
          headers: { "content-type": "application/json", ...KEY },
          signal,
        }),
      );
    const first = ask(leave.signal);
    await begun;
    const again = ask(unbound);
    leave.abort();
    release();
    expect(await (await first).json()).toMatchObject({ status: "canceled" });
    expect(await (await again).json()).toMatchObject({ status: "succeeded" });
  });
});
