import { expect, test } from "vitest";
import { createLimiter } from "../../../src/net/connections.ts";
import { noTrace } from "../../../src/observe/tracing.ts";
import type { RunEvent } from "../../../src/pipeline/events.ts";
import { foldEvents } from "../../../src/pipeline/fold.ts";
import { StageRunner } from "../../../src/pipeline/stage-runner.ts";
import { canceledOrLate } from "../../../src/providers/refusal.ts";
import type { AttemptOptions, Chains, StageModel } from "../../../src/stages/model.ts";
import { freshState, NO_MODELS } from "../../support/run.ts";

type Run = (attempt: AttemptOptions) => Promise<string>;

/** Captioners in a chain, over a clock that only a model which hangs moves on: it hangs until its turn is over. */
function start(...runs: Run[]) {
  let now = 1_000;
  const late = new Map<AbortController, number>();
  const timer = (milliseconds: number) => {
    const controller = new AbortController();
    late.set(controller, now + milliseconds);
    return controller.signal;
  };
  const pass = (until: number) => {
    now = until;
    for (const [controller, at] of late) if (at <= now) controller.abort(new DOMException("late", "TimeoutError"));
  };
  const asked: number[] = [];
  const captioners = runs.map(
    (run, index): StageModel<"caption"> => ({
      entry: `m${index}`,
      provider: "cog",
      promptVersion: "1",
      batch: 1,
      takesLinks: true,
      async run(_, attempt) {
        asked.push(attempt.deadline);
        return { model: `m${index}`, version: "1", caption: await run(attempt) };
      },
    }),
  );
  const chains: Chains = { ...NO_MODELS, caption: captioners };
  const events: RunEvent[] = [];
  const sleep = async (milliseconds: number) => pass(now + milliseconds);
  const runner = new StageRunner({
    id: "req_test",
    chains,
    ...freshState(),
    limit: createLimiter(),
    clock: () => now,
    deadline: 31_000,
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
    sleep,
    timer,
    trace: noTrace,
    chance: () => 0,
  });
  const hang: Run = ({ signal, deadline }) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(canceledOrLate(signal)), { once: true });
      pass(deadline);
    });
  return { runner, asked, hang, findings: () => foldEvents(events) };
}

test("a model that hangs is left for the next one while there is time for that, an equal share each", async () => {
  const hanging: Run = (attempt) => world.hang(attempt);
  const world = start(hanging, hanging, async () => "a cat");
  expect(await world.runner.run("caption", {})).toMatchObject({ caption: "a cat" });
  expect(world.asked).toEqual([11_000, 21_000, 31_000]);
  expect(world.findings().problems).toEqual([]);
  expect(world.findings().stages).toMatchObject([{ model: "m0", ms: 10_000 }, { model: "m1" }, { model: "m2", ms: 0 }]);
});

test("a model that has none behind it has all the time that is left", async () => {
  const world = start(async () => "a cat");
  await world.runner.run("caption", {});
  expect(world.asked).toEqual([31_000]);
});
