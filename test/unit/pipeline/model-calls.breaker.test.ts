import { expect, test } from "vitest";
import { createLimiter } from "../../../src/net/connections.ts";
import { noTrace } from "../../../src/observe/tracing.ts";
import { Budget } from "../../../src/pipeline/budget.ts";
import { StageRunner } from "../../../src/pipeline/stage-runner.ts";
import { canceledOrLate } from "../../../src/providers/refusal.ts";
import { type Chains, StageError } from "../../../src/stages/model.ts";
import { modelOf } from "../../support/models.ts";
import { freshState, NO_MODELS } from "../../support/run.ts";
import { VirtualTime } from "../../support/virtual-time.ts";

/** Runs of requests that share one isolate's breakers. */
function isolate(chains: Partial<Chains>) {
  const time = new VirtualTime();
  const state = freshState(time.clock);
  const runner = (deadlineMs: number) =>
    new StageRunner({
      ...state,
      ...time,
      id: "req_test",
      chains: { ...NO_MODELS, ...chains },
      budget: new Budget(null),
      limit: createLimiter(),
      deadline: time.now + deadlineMs,
      signal: time.timer(deadlineMs),
      emit: () => undefined,
      trace: noTrace,
      chance: () => 0,
    });
  return { time, state, runner };
}

test("calls that never got a connection do not open a model's breaker", async () => {
  const slow = modelOf<"entailment">(
    async ({ entities }, { signal }) => {
      await time.sleep(4_000, signal).catch(() => {
        throw canceledOrLate(signal);
      });
      return { judgements: entities.map(({ id }) => ({ id, visible: true, score: null, method: "m" })) };
    },
    { batch: 1, entry: "slow" },
  );
  const { time, state, runner } = isolate({ entailment: [slow] });
  const entities = Array.from({ length: 20 }, (_, index) => ({ id: `e${index}`, text: "x", type: "PER" }));
  await time.pass(runner(6_000).run("entailment", { entities }));
  expect(state.breakers.state("entailment slow")).toMatchObject({ state: "closed" });
});

test("a probe that waits before it tries again keeps nobody else out", async () => {
  let behave: "down" | "busy" | "up" = "down";
  const model = modelOf<"mner">(
    async () => {
      const now = behave;
      if (now === "up") return { mentions: [], problems: [] };
      if (now === "down") throw new StageError("http_error", "answered 500");
      behave = "up";
      throw new StageError("rate_limited", "is busy", { retryAfterMs: 8_000 });
    },
    { entry: "m" },
  );
  const { time, runner } = isolate({ mner: [model] });
  const ask = () => runner(30_000).run("mner", { text: "x", labels: "gmner" });
  for (let failures = 0; failures < 5; failures++) await time.pass(ask());
  expect(await time.pass(ask())).toBeNull();
  await time.pass(time.sleep(1_100));
  behave = "busy";
  const probe = ask();
  await time.pass(time.sleep(100));
  expect(await time.pass(ask())).not.toBeNull();
  expect(await time.pass(probe)).not.toBeNull();
});
