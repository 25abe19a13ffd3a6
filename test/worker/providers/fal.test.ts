import { describe, expect, test } from "vitest";
import { type FalAddress, runFal } from "../../../src/providers/fal.ts";
import type { Callback } from "../../../src/providers/job.ts";
import type { Fault, HostScript } from "../../support/hosted/script.ts";
import { type CalmWorld, NOW, sleeper, sleepForEver, startWorld, unbound } from "./start.ts";

const MODEL = "fal-ai/sam-3-1/image";
const OUTPUT = { masks: [] };
const INPUT = { image_url: "https://namesight.test/p", prompt: "" };

interface Options {
  readonly signal?: AbortSignal;
  readonly deadline?: number;
  readonly callback?: Callback | null;
}

const start = (faults: HostScript["faults"] = {}, replies: unknown[] = [OUTPUT]): Promise<CalmWorld> =>
  startWorld({ replies: { [`fal ${MODEL}`]: replies }, faults });

const addressAt = ({ session }: CalmWorld): FalAddress => ({
  endpoint: new URL(session.at("fal/run")),
  queue: new URL(session.at("fal/queue")),
  token: "t0ken",
});

/** Runs the model once, and settles when the work that the call left behind has ended too. */
function run(world: CalmWorld, { signal = unbound(), deadline = NOW + 30_000, callback = null }: Options = {}) {
  const behind: Promise<unknown>[] = [];
  const later = (work: Promise<unknown>) => void behind.push(work);
  const options = { signal, deadline, later, openCallback: () => callback };
  return runFal(addressAt(world), MODEL, INPUT, world, options).finally(() => Promise.allSettled(behind));
}

/** A callback that delivers these, one after another; nothing where there is none. */
const callbackOf = (delivered?: unknown): Callback => ({
  name: "0123",
  url: "https://api.namesight.test/hooks/fal/0123",
  ended: (signal) =>
    delivered === undefined
      ? new Promise((resolve) => signal.addEventListener("abort", () => resolve(null)))
      : Promise.resolve(delivered),
});

const operations = async ({ session }: CalmWorld) => (await session.calls()).map(({ operation }) => operation);
const running: Fault = { kind: "prediction", status: "IN_PROGRESS" };
const queued: Fault = { kind: "prediction", status: "IN_QUEUE" };

describe("a call that waits for its answer", () => {
  test("is one request, with the key in its header alone, and without fal's own repeats", async () => {
    const world = await start();
    expect(await run(world)).toEqual(OUTPUT);
    const [call, ...more] = await world.session.calls();
    expect(more).toEqual([]);
    expect(call).toMatchObject({ operation: "fal", path: `/fal/run/${MODEL}`, search: "", body: INPUT });
    expect(call?.headers).toMatchObject({
      authorization: "Key t0ken",
      "x-fal-no-retry": "1",
      "x-fal-request-timeout": "30",
    });
    expect(JSON.stringify([call?.path, call?.search, call?.body])).not.toContain("t0ken");
  });

  test.each<[what: string, fault: Fault, error: object]>([
    ["an invalid key", { kind: "status", status: 401 }, { code: "unauthorized", retryable: false }],
    ["an empty balance", { kind: "status", status: 402 }, { code: "unauthorized", retryable: false }],
    ["a timeout", { kind: "status", status: 408 }, { code: "http_error", retryable: true }],
    ["input that it does not accept", { kind: "status", status: 422 }, { code: "rejected", retryable: false }],
    [
      "a limit that is reached",
      { kind: "status", status: 429, headers: { "retry-after": "7" } },
      { code: "rate_limited", retryable: true, retryAfterMs: 7_000 },
    ],
    ["a fault of the host", { kind: "status", status: 500 }, { code: "http_error", retryable: true, charged: false }],
    ["no machine", errorOf(503, "runner_scheduling_failure"), { code: "not_ready", retryable: true }],
    ["a lost machine", errorOf(503, "runner_disconnected"), { code: "http_error", retryable: true }],
    ["a call that took too long", errorOf(504, "request_timeout"), { code: "timeout", retryable: true }],
    ["a reset connection", { kind: "reset" }, { code: "network", charged: false }],
    ["half an answer", { kind: "cut" }, { code: "network", charged: true }],
    ["a redirect", { kind: "status", status: 307, headers: { location: "https://x.test/" } }, { code: "http_error" }],
    ["something that is not JSON", { kind: "status", status: 200, body: "<html>" }, { code: "unreadable" }],
    ["too much", { kind: "status", status: 200, body: " ".repeat(17 * 1024 * 1024) }, { code: "invalid_output" }],
  ])("reports %s", async (_, fault, error) => {
    const world = await start({ fal: [fault] });
    await expect(run(world)).rejects.toMatchObject({ name: "StageError", ...error });
    expect(await operations(world)).toEqual(["fal"]);
  });

  test("closes its connection when the caller leaves", async () => {
    const world = await start({ fal: [{ kind: "silent" }] });
    const leave = new AbortController();
    const answer = run(world, { signal: leave.signal });
    await world.session.until((calls) => calls.length === 1);
    leave.abort();
    await expect(answer).rejects.toMatchObject({ code: "canceled" });
    await world.session.until(([call]) => call?.abandoned === true);
  });
});

describe("a call through the queue", () => {
  test("names the callback's address, and takes the result from it without a poll", async () => {
    const world = await start();
    const callback = callbackOf({ request_id: "q1", status: "OK", payload: OUTPUT });
    expect(await run({ ...world, sleep: sleepForEver }, { callback })).toEqual(OUTPUT);
    const [call, ...more] = await world.session.calls();
    expect(more).toEqual([]);
    expect(call).toMatchObject({ operation: "fal.submit", path: `/fal/queue/${MODEL}`, body: INPUT });
    expect(new URLSearchParams(call?.search).get("fal_webhook")).toBe(callback.url);
    expect(call?.headers).toMatchObject({ authorization: "Key t0ken", "x-fal-no-retry": "1" });
  });

  test("is polled when no callback arrives, at longer and longer intervals", async () => {
    const world = await start({ "fal.status": [queued, running] });
    expect(await run(world, { callback: callbackOf() })).toEqual(OUTPUT);
    expect(await operations(world)).toEqual(["fal.submit", "fal.status", "fal.status", "fal.status", "fal.response"]);
    const [, status] = await world.session.calls();
    expect(status?.path).toBe("/fal/queue/fal-ai/sam-3-1/requests/q1/status");
    expect(world.waits).toEqual([2_500, 2_500, 2_500]);
  });

  test.each<[what: string, told: unknown]>([
    ["about another request", { request_id: "q9", status: "OK", payload: { masks: ["other"] } }],
    ["about an error", { request_id: "q1", status: "ERROR", payload: { detail: [] } }],
    ["without the result, which was too long", null],
    ["without a payload", { request_id: "q1", status: "OK", payload: null }],
  ])("is polled after a callback %s", async (_, told) => {
    const world = await start();
    expect(await run({ ...world, sleep: sleepForEver }, { callback: callbackOf(told) })).toEqual(OUTPUT);
    expect(await operations(world)).toEqual(["fal.submit", "fal.status", "fal.response"]);
  });

  test("reports the error with which a request ended", async () => {
    const refusal = { detail: [{ loc: ["body"], type: "content_policy_violation", msg: "x" }] };
    const world = await start({ "fal.response": [{ kind: "status", status: 422, body: JSON.stringify(refusal) }] });
    const callback = callbackOf({ request_id: "q1", status: "ERROR" });
    await expect(run({ ...world, sleep: sleepForEver }, { callback })).rejects.toMatchObject({
      code: "refused",
      retryable: false,
    });
  });

  test("ends with the first answer that says that the request failed, and is not polled any more", async () => {
    const body = JSON.stringify({ detail: "x", error_type: "runner_server_error" });
    const world = await start({ "fal.response": [{ kind: "status", status: 500, body }] });
    const callback = callbackOf({ request_id: "q1", status: "ERROR" });
    await expect(run({ ...world, sleep: sleepForEver }, { callback })).rejects.toMatchObject({ code: "http_error" });
    expect(await operations(world)).toEqual(["fal.submit", "fal.status", "fal.response"]);
  });

  test("goes on when a poll fails, and is canceled when a poll is refused", async () => {
    const world = await start({ "fal.status": [{ kind: "reset" }, { kind: "status", status: 503 }] });
    expect(await run(world, { callback: callbackOf() })).toEqual(OUTPUT);
    const refused = await start({ "fal.status": [{ kind: "status", status: 403 }] });
    await expect(run(refused, { callback: callbackOf() })).rejects.toMatchObject({ code: "unauthorized" });
    expect(await operations(refused)).toEqual(["fal.submit", "fal.status", "fal.cancel"]);
  });

  test("is canceled upstream at the deadline", async () => {
    const world = await start({ "fal.status": Array.from({ length: 20 }, () => running) });
    await expect(run(world, { callback: callbackOf() })).rejects.toMatchObject({ code: "timeout" });
    expect((await operations(world)).at(-1)).toBe("fal.cancel");
  });

  test("is canceled upstream when the caller leaves while it waits", async () => {
    const world = await start();
    const { asleep, sleep } = sleeper();
    const leave = new AbortController();
    const answer = run({ ...world, sleep }, { signal: leave.signal, callback: callbackOf() });
    await asleep;
    leave.abort();
    await expect(answer).rejects.toMatchObject({ code: "canceled" });
    expect(await operations(world)).toEqual(["fal.submit", "fal.cancel"]);
  });

  test.each<[what: string, fault: Fault]>([
    ["lost", { kind: "cut" }],
    ["no queued request", { kind: "status", status: 200, body: '{"request_id":"../../v1"}' }],
  ])("is not repeated when the response to its submission was %s: it may be queued", async (_, fault) => {
    const world = await start({ "fal.submit": [fault] });
    await expect(run(world, { callback: callbackOf() })).rejects.toMatchObject({ retryable: false, charged: true });
    expect(await operations(world)).toEqual(["fal.submit"]);
  });

  test("is not made where no callback can arrive, there is no queue, or the time left is short", async () => {
    for (const [world, options, queue] of [
      [await start(), { callback: null }, true],
      [await start(), { callback: callbackOf() }, false],
      [await start(), { callback: callbackOf(), deadline: NOW + 11_999 }, true],
    ] as const) {
      const address = { ...addressAt(world), ...(!queue && { queue: null }) };
      const { callback, deadline = NOW + 30_000 } = options as Options;
      const open = () => callback ?? null;
      const more = { signal: unbound(), deadline, later: () => undefined, openCallback: open };
      expect(await runFal(address, MODEL, INPUT, world, more)).toEqual(OUTPUT);
      expect(await operations(world)).toEqual(["fal"]);
    }
  });
});

/** An error around the model, with its type in the header and in the body. */
function errorOf(status: number, type: string): Fault {
  const body = JSON.stringify({ detail: "words of the host", error_type: type });
  return { kind: "status", status, headers: { "x-fal-error-type": type }, body };
}
