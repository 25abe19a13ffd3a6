import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import type { Callback } from "../../../src/providers/job.ts";
import { predict } from "../../../src/providers/replicate.ts";
import { endlessHost } from "../../support/endless-host.ts";
import { operationsOf, runPrediction, shown, startReplicate, VERSION } from "./replicate-world.ts";
import { NOW, sleepForEver, startWorld, unbound } from "./start.ts";

test.each(["succeeded", "failed", "canceled"])("tells the seconds of a prediction that %s", async (status) => {
  const world = await startReplicate({ "replicate.create": [shown(status, { metrics: { predict_time: 0.4 } })] });
  const told: unknown[] = [];
  await runPrediction(world, { spent: (used) => told.push(used) }).catch(() => undefined);
  expect(told).toEqual([{ seconds: 0.4 }]);
});

describe("creating a prediction", () => {
  test.each([
    [{ version: VERSION }, "/replicate/v1/predictions", { version: VERSION, input: { a: 1 } }],
    [{ model: "owner/name" }, "/replicate/v1/models/owner/name/predictions", { input: { a: 1 } }],
    [{ deployment: "owner/name" }, "/replicate/v1/deployments/owner/name/predictions", { input: { a: 1 } }],
  ])("posts to the path of %j", async (target, path, body) => {
    const world = await startReplicate();
    expect(await runPrediction(world, { target })).toMatchObject({ output: "words" });
    const calls = await world.session.calls();
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      method: "POST",
      path,
      headers: { authorization: "Bearer t0ken", "content-type": "application/json" },
    });
    expect(calls[0]?.body).toEqual(body);
  });

  test.each([
    [30_000, "30s"],
    [12_345, "13s"],
    [800, "5s"],
  ])("sends Prefer: wait=5 and, with %i ms left, Cancel-After: %s", async (left, cancelAfter) => {
    const world = await startReplicate();
    await runPrediction(world, { deadline: NOW + left });
    expect((await world.session.calls())[0]?.headers).toMatchObject({
      "cancel-after": cancelAfter,
      prefer: "wait=5",
    });
  });

  test("sends the input as it is, without the token", async () => {
    const world = await startReplicate();
    const input = { image: "https://namesight.test/p", nested: { list: [1, "two"] } };
    await runPrediction(world, { input });
    const [{ body } = { body: null }] = await world.session.calls();
    expect(body).toEqual({ version: VERSION, input });
    expect(JSON.stringify(body)).not.toContain("t0ken");
  });

  test("follows no redirect, and sends nothing to an origin that is not configured", async () => {
    const world = await startReplicate({
      "replicate.create": [{ kind: "status", status: 307, headers: { location: "https://elsewhere.example/" } }],
    });
    await expect(runPrediction(world)).rejects.toMatchObject({ code: "http_error", retryable: false });
    const elsewhere = { ...world, fetch: createProviderFetch(new Set(["https://elsewhere.example"])) };
    await expect(runPrediction(elsewhere)).rejects.toMatchObject({ code: "network" });
    expect(await operationsOf(world)).toEqual(["create"]);
  });
});

describe("a prediction's end", () => {
  test("is polled for when the create shows the prediction as processing", async () => {
    const world = await startReplicate({
      "replicate.create": [shown("processing")],
      "replicate.get": [shown("processing")],
    });
    expect(await runPrediction(world)).toEqual({ output: "words", version: VERSION });
    expect(await operationsOf(world)).toEqual(["create", "get", "get"]);
  });

  test("is polled for when the create shows an output of a running prediction", async () => {
    const world = await startReplicate({ "replicate.create": [shown("processing", { output: "half" })] });
    expect(await runPrediction(world)).toMatchObject({ output: "words" });
  });

  test.each([
    ["aborted", shown("aborted"), { code: "not_ready", retryable: false }],
    ["canceled", shown("canceled"), { code: "failed", retryable: false, detail: "was canceled" }],
    [
      "failed",
      shown("failed", { error: "it broke on: the post" }),
      { code: "failed", retryable: false, detail: "failed on this input" },
    ],
    ["failed without an error text", shown("failed", { error: { code: 1 } }), { code: "failed", retryable: false }],
    [
      "failed with E1000, an unknown error that may pass",
      shown("failed", { error: "Prediction failed (E1000)" }),
      { code: "failed", retryable: true },
    ],
    [
      "failed with E1001, out of memory",
      shown("failed", { error: "Out of memory (E1001)" }),
      { code: "failed", retryable: false },
    ],
    [
      "failed by a content filter",
      shown("failed", { error: "NSFW content detected" }),
      { code: "refused", retryable: false },
    ],
    [
      "succeeded with its data removed",
      shown("succeeded", { data_removed: true }),
      { code: "failed", detail: "has already deleted its output" },
    ],
    ["succeeded with null", shown("succeeded"), { code: "failed", detail: "succeeded without an output" }],
    [
      "succeeded with an empty list",
      shown("succeeded", { output: [] }),
      { code: "failed", detail: "succeeded without an output" },
    ],
  ] as const)("throws a StageError, at once and when polled for, when it is: %s", async (_, fault, error) => {
    const atOnce = await startReplicate({ "replicate.create": [fault] });
    await expect(runPrediction(atOnce)).rejects.toMatchObject({ name: "StageError", ...error });
    expect(await operationsOf(atOnce)).toEqual(["create"]);
    const polled = await startReplicate({ "replicate.create": [shown("starting")], "replicate.get": [fault] });
    await expect(runPrediction(polled)).rejects.toMatchObject({ name: "StageError", ...error });
    expect(await operationsOf(polled)).toEqual(["create", "get"]);
  });

  test("returns the files of an output as addresses", async () => {
    const output = ["https://replicate.delivery/a.png", "data:image/png;base64,AQID"];
    const world = await startWorld({ replies: { [`replicate ${VERSION}`]: [output] } });
    expect(await runPrediction(world)).toMatchObject({ output });
    expect(await operationsOf(world)).toEqual(["create"]);
  });

  test.each([
    [{}],
    [{ id: "p1", status: "resting" }],
    [[]],
    ["text"],
    [{ id: "../files/f1", status: "starting" }],
    [{ id: "p1?page", status: "starting" }],
  ])("throws without a poll when the create answers %j", async (body) => {
    const world = await startReplicate({
      "replicate.create": [{ kind: "status", status: 201, body: JSON.stringify(body) }],
    });
    await expect(runPrediction(world)).rejects.toMatchObject({ code: "unreadable", retryable: false });
    expect(await operationsOf(world)).toEqual(["create"]);
  });
});

describe("a prediction's callback", () => {
  const ended = { id: "p1", status: "succeeded", output: "told", version: VERSION };
  const url = "https://namesight.test/hooks/replicate/1";
  const callbackWith = (body: unknown): Callback => ({ name: "1", url, ended: async () => body });
  const running = { "replicate.create": [shown("processing")] };

  test("is asked for completed predictions only", async () => {
    const world = await startReplicate();
    await runPrediction(world, { callback: callbackWith(null) });
    expect((await world.session.calls())[0]?.body).toMatchObject({
      webhook: url,
      webhook_events_filter: ["completed"],
    });
  });

  test("ends the prediction without a poll", async () => {
    const world = await startReplicate(running);
    expect(await runPrediction({ ...world, sleep: sleepForEver }, { callback: callbackWith(ended) })).toEqual({
      output: "told",
      version: VERSION,
    });
    expect(await operationsOf(world)).toEqual(["create"]);
  });

  test("throws when it says that the prediction failed", async () => {
    const world = await startReplicate(running);
    await expect(
      runPrediction(
        { ...world, sleep: sleepForEver },
        { callback: callbackWith({ ...ended, status: "failed", error: "no" }) },
      ),
    ).rejects.toMatchObject({
      code: "failed",
    });
  });

  test.each([
    ["null", null],
    ["the end of another prediction", { ...ended, id: "p2" }],
    ["a prediction that runs", { ...ended, status: "processing" }],
    ["a string", "words"],
  ])("is ignored, and the prediction polled for, when its body is %s", async (_, body) => {
    const world = await startReplicate(running);
    expect(await runPrediction({ ...world, sleep: sleepForEver }, { callback: callbackWith(body) })).toMatchObject({
      output: "words",
    });
    expect(await operationsOf(world)).toEqual(["create", "get"]);
  });

  test("leaves polls 2.5 seconds apart when it never comes", async () => {
    const world = await startReplicate({ ...running, "replicate.get": [shown("processing")] });
    const never: Callback = { name: "1", url, ended: () => new Promise(() => {}) };
    expect(await runPrediction(world, { callback: never })).toMatchObject({ output: "words" });
    expect(world.waits).toEqual([2_500, 2_500]);
  });

  test("has its signal aborted when the prediction has ended", async () => {
    const world = await startReplicate();
    let listening: AbortSignal | null = null;
    const callback: Callback = {
      name: "1",
      url,
      ended(signal) {
        listening = signal;
        return new Promise(() => {});
      },
    };
    await runPrediction(world, { callback });
    expect(listening).toMatchObject({ aborted: true });
  });
});

test("throws a StageError when a response is longer than the limit", async () => {
  const { endpoint, fetch, bytesRead } = endlessHost();
  const runtime = { fetch, clock: () => NOW, chance: () => 0, sleep: async () => undefined };
  const bounds = { signal: unbound(), deadline: NOW + 30_000, later: () => undefined };
  const running = predict({ endpoint, token: "t0ken" }, { version: VERSION }, {}, runtime, bounds);
  await expect(running).rejects.toMatchObject({ name: "StageError", code: "invalid_output" });
  expect(bytesRead()).toBeLessThan(2 * LIMITS.replyBytes);
});
