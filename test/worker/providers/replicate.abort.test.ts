import { describe, expect, test } from "vitest";
import { predict } from "../../../src/providers/replicate.ts";
import { operationsOf, runPrediction, shown, startReplicate, VERSION } from "./replicate-world.ts";
import { type CalmWorld, NOW, sleeper, sleepForEver } from "./start.ts";

describe("an abort", () => {
  test("cancels the prediction at Replicate when it comes between two polls", async () => {
    const world = await startReplicate({ "replicate.create": [shown("processing")] });
    const leave = new AbortController();
    const { asleep, sleep } = sleeper();
    const asked = runPrediction({ ...world, sleep }, { signal: leave.signal });
    await asleep;
    leave.abort();
    await expect(asked).rejects.toMatchObject({ code: "canceled", retryable: false });
    expect(await operationsOf(world)).toEqual(["create", "cancel"]);
  });

  test("is a timeout when the deadline causes it", async () => {
    const world = await startReplicate({ "replicate.create": [shown("processing")] });
    const late = new AbortController();
    const { asleep, sleep } = sleeper();
    const asked = runPrediction({ ...world, sleep }, { signal: late.signal });
    await asleep;
    late.abort(new DOMException("late", "TimeoutError"));
    await expect(asked).rejects.toMatchObject({ code: "timeout" });
  });

  test.each([["silent"], ["stalled"]] as const)("closes the connection when the create is %s", async (kind) => {
    const world = await startReplicate({ "replicate.create": [{ kind }] });
    const leave = new AbortController();
    const asked = runPrediction(world, { signal: leave.signal });
    await world.session.until((calls) => calls.length === 1);
    leave.abort();
    await expect(asked).rejects.toMatchObject({ code: "canceled" });
    const calls = await world.session.until(([first]) => first?.abandoned === true);
    expect(calls).toHaveLength(1);
  });

  test("rejects at once, and cancels the prediction when the create has answered", async () => {
    const world = await startReplicate({ "replicate.create": [shown("processing")] });
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const fetch: CalmWorld["fetch"] = async (url, init) => {
      const response = await world.fetch(url, init);
      if (url.pathname.endsWith("/predictions")) await arrived;
      return response;
    };
    const leave = new AbortController();
    const behind: Promise<unknown>[] = [];
    const address = { endpoint: new URL(world.session.at("replicate/v1")), token: "t0ken" };
    const asked = predict(
      address,
      { version: VERSION },
      {},
      { ...world, fetch, sleep: sleepForEver },
      { signal: leave.signal, deadline: NOW + 30_000, later: (work) => void behind.push(work) },
    );
    await world.session.until((calls) => calls.length === 1);
    leave.abort();
    await expect(asked).rejects.toMatchObject({ code: "canceled" });
    expect(await operationsOf(world)).toEqual(["create"]);
    arrive();
    await Promise.all(behind);
    expect(await operationsOf(world)).toEqual(["create", "cancel"]);
  });

  test("sends no create when it comes first", async () => {
    const world = await startReplicate();
    await expect(runPrediction(world, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "canceled" });
    expect(await operationsOf(world)).toEqual([]);
  });

  test("ends a poll that does not answer, and cancels the prediction", async () => {
    const world = await startReplicate({
      "replicate.create": [shown("processing")],
      "replicate.get": [{ kind: "silent" }],
    });
    const leave = new AbortController();
    const asked = runPrediction(world, { signal: leave.signal });
    await world.session.until((calls) => calls.length === 2);
    leave.abort();
    await expect(asked).rejects.toMatchObject({ code: "canceled" });
    expect(await operationsOf(world)).toEqual(["create", "get", "cancel"]);
  });

  test("is the same when the cancel fails", async () => {
    const world = await startReplicate({
      "replicate.create": [shown("processing")],
      "replicate.cancel": [{ kind: "reset" }],
    });
    const leave = new AbortController();
    const { asleep, sleep } = sleeper();
    const asked = runPrediction({ ...world, sleep }, { signal: leave.signal });
    await asleep;
    leave.abort();
    await expect(asked).rejects.toMatchObject({ code: "canceled" });
    expect(await operationsOf(world)).toEqual(["create", "cancel"]);
  });
});
