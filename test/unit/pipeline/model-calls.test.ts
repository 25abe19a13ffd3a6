import { describe, expect, test } from "vitest";
import { toNanoDollars } from "../../../schemas/money.ts";
import { createLimiter } from "../../../src/net/connections.ts";
import { noTrace } from "../../../src/observe/tracing.ts";
import { Budget } from "../../../src/pipeline/budget.ts";
import type { Checkpoints } from "../../../src/pipeline/checkpoints.ts";
import type { RunEvent } from "../../../src/pipeline/events.ts";
import { foldEvents } from "../../../src/pipeline/fold.ts";
import { StageRunner } from "../../../src/pipeline/stage-runner.ts";
import { type Chains, StageError, type StageModel, type Usage } from "../../../src/stages/model.ts";
import { PictureRef } from "../../../src/stages/picture-ref.ts";
import type { Price } from "../../../src/stages/prices/price.ts";
import { memoryCheckpoints } from "../../support/memory-checkpoints.ts";
import { modelOf } from "../../support/models.ts";
import { freshState, NO_MODELS } from "../../support/run.ts";
import { VirtualTime } from "../../support/virtual-time.ts";

/** A runner over a clock that moves only when a call or a wait is told how long it takes. */
function start(chains: Partial<Chains>, budget = new Budget(null), checkpoints: Checkpoints | null = null) {
  const time = new VirtualTime();
  const events: RunEvent[] = [];
  const state = freshState(time.clock);
  const runner = new StageRunner({
    id: "req_test",
    chains: { ...NO_MODELS, ...chains },
    ...state,
    budget,
    checkpoints,
    limit: createLimiter(),
    deadline: 31_000,
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
    ...time,
    trace: noTrace,
    chance: () => 0,
  });
  const done = <T>(work: Promise<T>): Promise<T> => time.pass(work);
  return {
    runner,
    takes: time.sleep,
    done,
    outcomes: state.outcomes,
    records: () => foldEvents(events).stages,
    problems: () => foldEvents(events).problems,
  };
}

const entities = ["e1", "e2", "e3"].map((id) => ({ id, text: id, type: "PER" }));
const data = { bytes: new Uint8Array(1), type: "image/png", size: { width: 1, height: 1 }, orientation: 1 };
const picture = new PictureRef(data, { link: async () => null, atEnd: () => undefined });
const boxes = [{ id: "r1", box: { xmin: 0, ymin: 0, xmax: 1, ymax: 1 } }];
const QUESTION = { boxes, warm: false };

describe("ms of a record", () => {
  test("is wall time when calls run in parallel, and not their sum", async () => {
    const expander = modelOf<"expansion">(
      async ({ entities: [entity] }) => {
        await world.takes(entity?.id === "e2" ? 400 : 300);
        return { expressions: [] };
      },
      { batch: 1 },
    );
    const world = start({ expansion: [expander] });
    await world.done(world.runner.run("expansion", { text: "", entities }));
    expect(world.records()).toMatchObject([{ attempts: 3, ms: 400 }]);
    expect(world.outcomes.of("expansion").map(({ ms }) => ms)).toContain(400);
  });

  test("includes the wait before a retry", async () => {
    let calls = 0;
    const captioner = modelOf<"caption">(async () => {
      await world.takes(50);
      if (++calls === 1) throw new StageError("rate_limited", "is busy", { retryAfterMs: 2_000 });
      return { caption: "a cat" };
    });
    const world = start({ caption: [captioner] });
    await world.done(world.runner.run("caption", {}));
    expect(world.records()).toMatchObject([{ model: "model", attempts: 2, ms: 2_100 }]);
  });

  test("is that of each model of a chain, from its own first attempt", async () => {
    const slow = modelOf<"caption">(
      async () => {
        await world.takes(700);
        throw new StageError("rejected", "does not accept the input");
      },
      { entry: "test:slow" },
    );
    const fast = modelOf<"caption">(async () => {
      await world.takes(30);
      return { caption: "a cat" };
    });
    const world = start({ caption: [slow, fast] });
    await world.done(world.runner.run("caption", {}));
    expect(world.records().map(({ model, ms }) => [model, ms])).toEqual([
      ["test:slow", 700],
      ["model", 30],
    ]);
  });
});

describe("a call that only prepares the picture", () => {
  const segmenter = (fails: boolean, takes: (milliseconds: number) => Promise<void>) =>
    modelOf<"segmentation">(
      async ({ warm }) => {
        await takes(warm ? 900 : 80);
        if (warm && fails) throw new StageError("rejected", "does not accept the input");
        return { masks: [] };
      },
      { warms: true },
    );
  const started = (fails: boolean) => {
    const world: ReturnType<typeof start> = start({
      segmentation: [segmenter(fails, (milliseconds) => world.takes(milliseconds))],
    });
    return world;
  };

  test.each([
    ["answered", false],
    ["failed", true],
  ])("is no attempt and takes none of the question's time when it %s", async (_, fails) => {
    const world = started(fails);
    await world.done(world.runner.prepare("segmentation", { boxes: [], warm: true }, picture));
    // Other stages run between the two.
    await world.done(world.takes(5_000));
    await world.done(world.runner.run("segmentation", QUESTION, picture));
    expect(world.records()).toMatchObject([{ stage: "segmentation", model: "model", attempts: 1, ms: 80 }]);
  });

  test("has a record without attempts when no question follows, for its cost", async () => {
    const world = started(false);
    await world.done(world.runner.prepare("segmentation", { boxes: [], warm: true }, picture));
    expect(world.records()).toMatchObject([{ model: "model", version: "1", attempts: 0, cached: false, ms: 0 }]);
  });

  test("is reported to /health with its own time", async () => {
    const world = started(false);
    await world.done(world.runner.prepare("segmentation", { boxes: [], warm: true }, picture));
    expect(world.outcomes.of("segmentation")).toMatchObject([{ model: "test:model", ok: true, ms: 900 }]);
  });
});

describe("cost_usd of a record", () => {
  const post = { text: "", entities };
  const reporting = (usages: readonly (Usage | null)[], more: Partial<StageModel<"expansion">> = {}) => {
    const left = [...usages];
    return modelOf<"expansion">(
      async (_, { spent }) => {
        const usage = left.shift();
        if (usage) spent?.(usage);
        return { expressions: [] };
      },
      { batch: 1, ...more },
    );
  };
  const costs = async (model: StageModel<"expansion">) => {
    const world = start({ expansion: [model] });
    await world.done(world.runner.run("expansion", post));
    return world.records().map(({ cost_usd }) => cost_usd);
  };

  test("adds what each call cost", async () => {
    const price = { inputToken: 300, outputToken: 1_000 };
    const usage = { inputTokens: 1_000, outputTokens: 10 };
    expect(await costs(reporting([usage, usage, usage], { price }))).toEqual(["0.00093"]);
    expect(await costs(reporting([], { price: { call: 5_000_000 } }))).toEqual(["0.015"]);
    expect(await costs(reporting([], { price: { call: 0 } }))).toEqual(["0"]);
  });

  test("is null when the cost of one call is not known", async () => {
    expect(
      await costs(reporting([{ inputTokens: 1 }, null, { inputTokens: 1 }], { price: { inputToken: 1 } })),
    ).toEqual([null]);
    expect(await costs(reporting([{ inputTokens: 1 }]))).toEqual([null]);
  });

  test("includes the calls that prepare the picture", async () => {
    const model = modelOf<"segmentation">(() => ({ masks: [] }), { warms: true, price: { call: 1_000_000 } });
    const world = start({ segmentation: [model] });
    await world.done(world.runner.prepare("segmentation", { boxes: [], warm: true }, picture));
    await world.done(world.runner.run("segmentation", QUESTION, picture));
    expect(world.records()).toMatchObject([{ attempts: 1, cost_usd: "0.002" }]);
  });
});

describe("a budget", () => {
  const called = (entry: string, price: Price | null, asked: string[], more: Partial<StageModel<"caption">> = {}) =>
    modelOf<"caption">(
      () => {
        asked.push(entry);
        return { caption: entry };
      },
      { entry, price, ...more },
    );
  const ask = async (limit: string, ...models: readonly ((asked: string[]) => StageModel<"caption">)[]) => {
    const asked: string[] = [];
    const budget = new Budget(toNanoDollars(limit));
    const world = start({ caption: models.map((model) => model(asked)) }, budget);
    const output = await world.done(world.runner.run("caption", {}));
    return { asked, output, problems: world.problems(), records: world.records(), runner: world.runner };
  };

  test("leaves out a model that may cost more than is left, and asks a cheaper one", async () => {
    const [dear, cheap] = [{ call: 5_000_000 }, { call: 1_000_000 }];
    const found = await ask(
      "0.002",
      (asked) => called("dear", dear, asked),
      (asked) => called("cheap", cheap, asked),
    );
    expect(found.asked).toEqual(["cheap"]);
    expect(found).toMatchObject({ output: { caption: "cheap" }, problems: [], records: [{ cost_usd: "0.001" }] });
  });

  test("says over_budget of a stage whose every model costs too much, or has no known price", async () => {
    const found = await ask(
      "0.002",
      (asked) => called("dear", { call: 5_000_000 }, asked),
      (asked) => called("unknown", null, asked),
    );
    expect(found).toMatchObject({ asked: [], output: null, records: [] });
    expect(found.problems).toEqual([
      {
        type: "/problems/over_budget",
        title: expect.any(String),
        status: 422,
        code: "over_budget",
        detail:
          "dear was not asked: a call may cost USD 0.005, and USD 0.002 of max_cost_usd are left; unknown was not asked: " +
          "what a call may cost is not known (MODEL_PRICES), and the request has a max_cost_usd.",
        stage: "caption",
        errors: [{ pointer: "/max_cost_usd", detail: "does not allow a call", limit: ["0.005"], value: "0.002" }],
      },
    ]);
    expect(found.runner.failure("caption")).toMatchObject({ code: "over_budget" });
  });

  test("counts the seconds until the deadline for a model that is charged by the second", async () => {
    const second = { second: 1_000_000 };
    expect((await ask("0.0299", (asked) => called("a", second, asked))).asked).toEqual([]);
    expect((await ask("0.03", (asked) => called("a", second, asked))).asked).toEqual(["a"]);
  });

  test("lets a model that knows its tokens reserve what they cost", async () => {
    const reserving = (tokens: number) => (asked: string[]) =>
      called("chat", { inputToken: 1_000 }, asked, {
        reserves: true,
        run: async (_, { reserve }) => {
          await reserve?.({ inputTokens: tokens, outputTokens: 1 });
          asked.push("chat");
          return { model: "m", version: "1", caption: "a cat" };
        },
      });
    expect((await ask("0.001", reserving(1_001))).asked).toEqual([]);
    expect((await ask("0.001", reserving(1_000))).asked).toEqual(["chat"]);
  });
});

test("a model that failed five times is skipped at once, and the next one is asked", async () => {
  const broken = modelOf<"caption">(() => Promise.reject(new StageError("failed", "failed on this input")), {
    entry: "broken",
  });
  const sound = modelOf<"caption">(() => ({ caption: "a cat" }), { entry: "sound" });
  const world = start({ caption: [broken, sound] });
  for (let post = 0; post < 6; post++) await world.done(world.runner.run("caption", {}));
  expect(world.records()).toMatchObject([{ attempts: 5 }, { attempts: 6 }]);
  expect(world.problems()).toMatchObject([
    {
      code: "model_skipped",
      stage: "caption",
      detail: "broken was skipped: its last 5 calls failed; it is tried again in 1 s.",
    },
  ]);
  const alone = start({ caption: [broken] });
  for (let post = 0; post < 6; post++) await alone.done(alone.runner.run("caption", {}));
  expect(alone.records()).toMatchObject([{ attempts: 5 }]);
  expect(alone.problems().map(({ code }) => code)).toEqual(["stage_failed", "stage_failed"]);
});

test.each([
  ["rejected", "with a picture", null],
  ["invalid_picture", "with a picture", null],
  ["rejected", "without one", { code: "rejected", detail: "does not accept the input" }],
] as const)("the failure %s of a call %s is kept for other processes as %j", async (code, asked, failure) => {
  const failing = modelOf<"caption">(() => Promise.reject(new StageError(code, "does not accept the input")));
  const checkpoints = memoryCheckpoints();
  const world = start({ caption: [failing] }, new Budget(null), checkpoints);
  await world.done(world.runner.run("caption", {}, asked === "with a picture" ? picture : null));
  expect(checkpoints.ends[0]?.failure).toEqual(failure);
});
