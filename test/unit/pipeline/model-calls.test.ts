import { describe, expect, test } from "vitest";
import { createLimiter } from "../../../src/net/connections.ts";
import { Outcomes } from "../../../src/observe/outcomes.ts";
import { noTrace } from "../../../src/observe/tracing.ts";
import type { RunEvent } from "../../../src/pipeline/events.ts";
import { foldEvents } from "../../../src/pipeline/fold.ts";
import { StageRunner } from "../../../src/pipeline/stage-runner.ts";
import { type Chains, StageError } from "../../../src/stages/model.ts";
import { PictureRef } from "../../../src/stages/picture-ref.ts";
import { modelOf } from "../../support/models.ts";
import { NO_MODELS } from "../../support/run.ts";
import { VirtualTime } from "../../support/virtual-time.ts";

/** A runner over a clock that moves only when a call or a wait is told how long it takes. */
function start(chains: Partial<Chains>) {
  const time = new VirtualTime();
  const events: RunEvent[] = [];
  const outcomes = new Outcomes();
  const runner = new StageRunner({
    id: "req_test",
    chains: { ...NO_MODELS, ...chains },
    outcomes,
    limit: createLimiter(),
    deadline: 31_000,
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
    ...time,
    trace: noTrace,
    chance: () => 0,
  });
  const done = <T>(work: Promise<T>): Promise<T> => time.pass(work);
  return { runner, takes: time.sleep, done, outcomes, records: () => foldEvents(events).stages };
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
