import { describe, expect, test } from "vitest";
import type { Fault } from "../../support/hosted/script.ts";
import { operationsOf, runnerFor, runPrediction, startReplicate } from "./replicate-world.ts";
import { NOW } from "./start.ts";

describe("a create whose connection breaks", () => {
  test.each([
    ["reset", "network"],
    ["cut", "network"],
  ] as const)("is not repeated when the fault is: %s", async (kind, code) => {
    const world = await startReplicate({ "replicate.create": Array<Fault>(10).fill({ kind }) });
    await expect(runPrediction(world)).rejects.toMatchObject({ code, retryable: false });
    expect(await operationsOf(world)).toEqual(["create"]);
    const runner = runnerFor(world);
    expect(await runner.run("caption", {})).toBeNull();
    expect(await operationsOf(world)).toEqual(["create", "create"]);
    expect(runner.failures).toMatchObject([
      { detail: "replicate/owner/name cannot be reached, or broke off its answer." },
    ]);
  });
});

/** The prediction may have begun after a 408, 500, 502 or 504. */
describe("a create that is answered with an error", () => {
  test.each([[408], [500], [502], [504]])("is not repeated when the status is %i", async (status) => {
    const world = await startReplicate({ "replicate.create": [{ kind: "status", status }] });
    const runner = runnerFor(world);
    expect(await runner.run("caption", {})).toBeNull();
    expect(await operationsOf(world)).toEqual(["create"]);
  });

  test("is repeated when the status is 503", async () => {
    const world = await startReplicate({ "replicate.create": [{ kind: "status", status: 503 }] });
    const runner = runnerFor(world);
    expect(await runner.run("caption", {})).toMatchObject({ caption: "words" });
    expect(await operationsOf(world)).toEqual(["create", "create"]);
  });
});

describe("a create that meets a rate limit (429)", () => {
  const hinted = (headers: Record<string, string>, body = "{}"): Fault => ({
    kind: "status",
    status: 429,
    headers,
    body,
  });
  const throttled = JSON.stringify({
    detail: "Request was throttled. Your rate limit for creating predictions resets in ~7s.",
  });

  test.each([
    ["seconds", hinted({ "retry-after": "7" })],
    ["a date", hinted({ "retry-after": new Date(NOW + 7_000).toUTCString() })],
    ["milliseconds", hinted({ "retry-after-ms": "7000" })],
    ["Replicate's header", hinted({ "ratelimit-remaining": "0", "ratelimit-reset": "7" })],
    ["the error text", hinted({}, throttled)],
  ])("is repeated after the waiting time in %s", async (_, fault) => {
    const world = await startReplicate({ "replicate.create": [fault] });
    const runner = runnerFor(world);
    expect(await runner.run("caption", {})).toMatchObject({ caption: "words" });
    expect(await operationsOf(world)).toEqual(["create", "create"]);
    expect(world.waits).toEqual([7_000]);
    expect(runner.records).toMatchObject([{ attempts: 2 }]);
  });

  test("is one request", async () => {
    const world = await startReplicate({ "replicate.create": Array(10).fill(hinted({ "retry-after": "0" })) });
    await expect(runPrediction(world)).rejects.toMatchObject({
      code: "rate_limited",
      retryable: true,
      retryAfterMs: 0,
    });
    expect(await operationsOf(world)).toEqual(["create"]);
  });

  test("is not repeated when the waiting time ends after the deadline", async () => {
    const world = await startReplicate({ "replicate.create": [hinted({ "retry-after": "31" })] });
    const runner = runnerFor(world);
    expect(await runner.run("caption", {})).toBeNull();
    expect([await operationsOf(world), world.waits]).toEqual([["create"], []]);
  });
});
