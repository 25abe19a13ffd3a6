import { describe, expect, test } from "vitest";
import type { Run } from "../../../src/pipeline/run.ts";
import { startRun } from "../../../src/pipeline/run.ts";
import { StageError } from "../../../src/stages/model.ts";
import { modelOf } from "../../support/models.ts";
import { deploymentOf, inRun } from "../../support/run.ts";

/** A captioner that never answers, and when it was told to stop. */
function hangingCaptioner() {
  let stopped = false;
  let started = () => {};
  const asked = new Promise<void>((resolve) => {
    started = resolve;
  });
  const model = modelOf<"caption">((_, { signal }) => {
    started();
    return new Promise((_resolve, reject) => {
      const stop = () => {
        stopped = true;
        reject(new StageError("canceled", "was canceled"));
      };
      if (signal.aborted) stop();
      signal.addEventListener("abort", stop, { once: true });
    });
  });
  return { model, asked, isStopped: () => stopped };
}

describe("startRun", () => {
  test("needs no route: a run has its account, its models and its events", async () => {
    const deployment = deploymentOf({ caption: [modelOf<"caption">(() => ({ caption: "a cat" }))] });
    const seen = await inRun(
      deployment,
      async (run) => {
        const output = await run.stages.run("caption", {});
        return { account: run.account, caption: output?.caption, events: run.events.map(({ event }) => event) };
      },
      { account: "acme" },
    );
    expect(seen).toEqual({ account: "acme", caption: "a cat", events: ["stage"] });
  });

  test("cancels what runs upstream when the work ends, behind the answer", async () => {
    const { model, asked, isStopped } = hangingCaptioner();
    const behind: Promise<unknown>[] = [];
    const answer = await inRun(
      deploymentOf({ caption: [model] }),
      async (run) => {
        void run.stages.run("caption", {});
        await asked;
        return "answer";
      },
      { waitUntil: (work) => behind.push(work) },
    );
    expect(answer).toBe("answer");
    await Promise.all(behind);
    expect(isStopped()).toBe(true);
  });

  test("tells of a call that still runs when the answer is made, and nothing after it", async () => {
    const { model, asked } = hangingCaptioner();
    const [behind, told]: [Promise<unknown>[], string[]] = [[], []];
    const answer = await inRun(
      deploymentOf({ caption: [model] }),
      async (run) => {
        void run.stages.run("caption", {});
        await asked;
        return run.finish().map(({ event }) => event);
      },
      { waitUntil: (work) => behind.push(work), listen: ({ event }) => told.push(event) },
    );
    await Promise.all(behind);
    expect([answer, told]).toEqual([["stage"], ["stage"]]);
  });

  test("cancels what runs upstream when the caller's signal aborts, and gives the stage's failure", async () => {
    const { model, asked, isStopped } = hangingCaptioner();
    const caller = new AbortController();
    const problem = await inRun(
      deploymentOf({ caption: [model] }),
      async (run) => {
        const running = run.stages.run("caption", {});
        await asked;
        caller.abort();
        expect(await running).toBeNull();
        return run.stages.failure("caption");
      },
      { signal: caller.signal },
    );
    expect(isStopped()).toBe(true);
    expect(problem).toMatchObject({ code: "deadline_exceeded", message: "test:model was canceled." });
  });

  test("does the clean-up of its pictures once, whether the work succeeds or throws", async () => {
    for (const work of [async () => "done", () => Promise.reject(new Error("broken"))]) {
      let cleanups = 0;
      const behind: Promise<unknown>[] = [];
      await inRun<unknown>(
        deploymentOf({}),
        (run: Run) => {
          run.pictures.atEnd(async () => void cleanups++);
          return work();
        },
        { waitUntil: (promise) => behind.push(promise) },
      ).catch(() => undefined);
      await Promise.all(behind);
      expect(cleanups).toBe(1);
    }
  });

  test("throws what the work throws, and keeps its promise from being unhandled", async () => {
    const behind: Promise<unknown>[] = [];
    const options = {
      id: "req_1",
      account: "public",
      signal: new AbortController().signal,
      origin: new URL("https://namesight.test"),
      waitUntil: (work: Promise<unknown>) => behind.push(work),
      deadlineMs: 1_000,
      store: true,
    };
    await expect(startRun(options, deploymentOf({}), () => Promise.reject(new Error("broken")))).rejects.toThrow(
      "broken",
    );
    await expect(Promise.all(behind)).resolves.toBeDefined();
  });
});
