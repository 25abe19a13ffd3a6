import { describe, expect, test } from "vitest";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import { type Callback, predict, type ReplicateTarget } from "../../../src/providers/replicate.ts";
import type { Fault, HostScript } from "../../support/hosted/script.ts";
import { startModel } from "../stages/harness.ts";
import {
  type CalmWorld,
  caption,
  captioner,
  NOW,
  runnerOf,
  sleeper,
  sleepForEver,
  startWorld,
  unbound,
} from "./start.ts";

const VERSION = "a".repeat(64);
const replies = { [`replicate ${VERSION}`]: ["words"], "replicate owner/name": ["words"] };

interface Options {
  readonly signal?: AbortSignal;
  readonly deadline?: number;
  readonly callback?: Callback;
  readonly target?: ReplicateTarget;
  readonly input?: Record<string, unknown>;
}

/** One prediction in a world, and what was still to be done for it. */
function ask(
  world: CalmWorld,
  {
    signal = unbound(),
    deadline = NOW + 30_000,
    callback,
    target = { version: VERSION },
    input = { a: 1 },
  }: Options = {},
) {
  const address = { endpoint: new URL(world.session.at("replicate/v1")), token: "t0ken" };
  const behind: Promise<unknown>[] = [];
  const later = (work: Promise<unknown>) => void behind.push(work);
  const asked = predict(address, target, input, world, { signal, deadline, callback: callback ?? null, later });
  return asked.finally(() => Promise.allSettled(behind));
}

/** A world at whose host these calls fail. */
const failing = (faults: NonNullable<HostScript["faults"]>) => startWorld({ replies, faults });
const shown = (status: string, fields: Record<string, unknown> = {}): Fault => ({ kind: "prediction", status, fields });

/** The operations that the host met, in order. */
const operations = async ({ session }: CalmWorld) =>
  (await session.calls()).map(({ operation }) => operation.replace("replicate.", ""));

describe("how a prediction is asked for", () => {
  test.each([
    [{ version: VERSION }, "/replicate/v1/predictions", { version: VERSION, input: { a: 1 } }],
    [{ model: "owner/name" }, "/replicate/v1/models/owner/name/predictions", { input: { a: 1 } }],
    [{ deployment: "owner/name" }, "/replicate/v1/deployments/owner/name/predictions", { input: { a: 1 } }],
  ])("%j", async (target, path, body) => {
    const world = await failing({});
    expect(await ask(world, { target })).toMatchObject({ output: "words" });
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
  ])(
    "with %i ms left it says Cancel-After: %s, and waits five seconds for headers at most",
    async (left, cancelAfter) => {
      const world = await failing({});
      await ask(world, { deadline: NOW + left });
      expect((await world.session.calls())[0]?.headers).toMatchObject({
        "cancel-after": cancelAfter,
        prefer: "wait=5",
      });
    },
  );

  test("G: no token, no client and no file stand in the input", async () => {
    const world = await failing({});
    const input = { image: "https://namesight.test/p", nested: { list: [1, "two"] } };
    await ask(world, { input });
    const [{ body } = { body: null }] = await world.session.calls();
    expect(body).toEqual({ version: VERSION, input });
    expect(JSON.stringify(body)).not.toContain("t0ken");
  });

  test("a token goes to the configured origin: a redirect is not followed", async () => {
    const world = await failing({
      "replicate.create": [{ kind: "status", status: 307, headers: { location: "https://elsewhere.example/" } }],
    });
    await expect(ask(world)).rejects.toMatchObject({ code: "http_error", retryable: false });
    const elsewhere = { ...world, fetch: createProviderFetch(new Set(["https://elsewhere.example"])) };
    await expect(ask(elsewhere)).rejects.toMatchObject({ code: "network" });
    expect(await operations(world)).toEqual(["create"]);
  });
});

describe("what its end becomes", () => {
  test("A: a 202 with a null output is not taken for the answer", async () => {
    const world = await failing({ "replicate.create": [shown("processing")], "replicate.get": [shown("processing")] });
    expect(await ask(world)).toEqual({ output: "words", version: VERSION });
    expect(await operations(world)).toEqual(["create", "get", "get"]);
  });

  test("a whole output that is shown while the prediction runs is not taken either", async () => {
    const world = await failing({ "replicate.create": [shown("processing", { output: "half" })] });
    expect(await ask(world)).toMatchObject({ output: "words" });
  });

  test.each([
    ["E: aborted", shown("aborted"), { code: "not_ready", retryable: false }],
    ["F: canceled", shown("canceled"), { code: "failed", retryable: false, detail: "was canceled" }],
    [
      "K: failed",
      shown("failed", { error: "it broke on: the post" }),
      { code: "failed", retryable: false, detail: "failed on this input" },
    ],
    ["failed without a word", shown("failed", { error: { code: 1 } }), { code: "failed", retryable: false }],
    [
      "E1000, which is unknown and may pass",
      shown("failed", { error: "Prediction failed (E1000)" }),
      { code: "failed", retryable: true },
    ],
    [
      "E1001, which is memory and will not",
      shown("failed", { error: "Out of memory (E1001)" }),
      { code: "failed", retryable: false },
    ],
    ["refused", shown("failed", { error: "NSFW content detected" }), { code: "refused", retryable: false }],
    [
      "data removed",
      shown("succeeded", { data_removed: true }),
      { code: "failed", detail: "has already deleted its output" },
    ],
    ["succeeded with null", shown("succeeded"), { code: "failed", detail: "succeeded without an output" }],
    [
      "succeeded with nothing in a list",
      shown("succeeded", { output: [] }),
      { code: "failed", detail: "succeeded without an output" },
    ],
  ] as const)("%s: a StageError, at once and when polled for", async (_, fault, error) => {
    const atOnce = await failing({ "replicate.create": [fault] });
    await expect(ask(atOnce)).rejects.toMatchObject({ name: "StageError", ...error });
    expect(await operations(atOnce)).toEqual(["create"]);
    const polled = await failing({ "replicate.create": [shown("starting")], "replicate.get": [fault] });
    await expect(ask(polled)).rejects.toMatchObject({ name: "StageError", ...error });
    expect(await operations(polled)).toEqual(["create", "get"]);
  });

  test("I: files of an output stay the addresses that they are", async () => {
    const output = ["https://replicate.delivery/a.png", "data:image/png;base64,AQID"];
    const world = await startWorld({ replies: { [`replicate ${VERSION}`]: [output] } });
    expect(await ask(world)).toMatchObject({ output });
    expect(await operations(world)).toEqual(["create"]);
  });

  test.each([
    [{}],
    [{ id: "p1", status: "resting" }],
    [[]],
    ["text"],
    [{ id: "../files/f1", status: "starting" }],
    [{ id: "p1?page", status: "starting" }],
  ])("a create that answers %j is an error, and not asked again", async (body) => {
    const world = await failing({ "replicate.create": [{ kind: "status", status: 201, body: JSON.stringify(body) }] });
    await expect(ask(world)).rejects.toMatchObject({ code: "unreadable", retryable: false });
    expect(await operations(world)).toEqual(["create"]);
  });
});

describe("C: a broken connection makes one POST, and the pipeline makes no other", () => {
  test.each([
    ["reset", "network"],
    ["cut", "network"],
  ] as const)("%s", async (kind, code) => {
    const world = await failing({ "replicate.create": Array<Fault>(10).fill({ kind }) });
    await expect(ask(world)).rejects.toMatchObject({ code, retryable: false });
    expect(await operations(world)).toEqual(["create"]);
    const runner = runnerOf([captioner("replicate/owner/name", async () => caption((await ask(world)).output))], world);
    expect(await runner.run("caption", {})).toBeNull();
    expect(await operations(world)).toEqual(["create", "create"]);
    expect(runner.failures).toMatchObject([
      { detail: "replicate/owner/name cannot be reached, or broke off its answer." },
    ]);
  });
});

describe("a create that a gateway lost sight of is not made again, for it may run", () => {
  test.each([[408], [500], [502], [504]])("HTTP %i", async (status) => {
    const world = await failing({ "replicate.create": [{ kind: "status", status }] });
    const runner = runnerOf([captioner("replicate/owner/name", async () => caption((await ask(world)).output))], world);
    expect(await runner.run("caption", {})).toBeNull();
    expect(await operations(world)).toEqual(["create"]);
  });

  test("a 503 says that it was not taken", async () => {
    const world = await failing({ "replicate.create": [{ kind: "status", status: 503 }] });
    const runner = runnerOf([captioner("replicate/owner/name", async () => caption((await ask(world)).output))], world);
    expect(await runner.run("caption", {})).toMatchObject({ caption: "words" });
    expect(await operations(world)).toEqual(["create", "create"]);
  });
});

describe("B: a 429 is one request, and what it says of when to come back is obeyed", () => {
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
    ["the vendor's header", hinted({ "ratelimit-remaining": "0", "ratelimit-reset": "7" })],
    ["prose", hinted({}, throttled)],
  ])("in %s", async (_, fault) => {
    const world = await failing({ "replicate.create": [fault] });
    const runner = runnerOf([captioner("replicate/owner/name", async () => caption((await ask(world)).output))], world);
    expect(await runner.run("caption", {})).toMatchObject({ caption: "words" });
    expect(await operations(world)).toEqual(["create", "create"]);
    expect(world.waits).toEqual([7_000]);
    expect(runner.records).toMatchObject([{ attempts: 2 }]);
  });

  test("one call of ours is one request", async () => {
    const world = await failing({ "replicate.create": Array(10).fill(hinted({ "retry-after": "0" })) });
    await expect(ask(world)).rejects.toMatchObject({ code: "rate_limited", retryable: true, retryAfterMs: 0 });
    expect(await operations(world)).toEqual(["create"]);
  });

  test("what is asked for beyond the deadline is not waited for", async () => {
    const world = await failing({ "replicate.create": [hinted({ "retry-after": "31" })] });
    const runner = runnerOf([captioner("replicate/owner/name", async () => caption((await ask(world)).output))], world);
    expect(await runner.run("caption", {})).toBeNull();
    expect([await operations(world), world.waits]).toEqual([["create"], []]);
  });
});

describe("polls", () => {
  test("D: one that stumbles is one request, and the prediction is not given up", async () => {
    const stumbles: Fault[] = [
      { kind: "status", status: 500 },
      { kind: "status", status: 429, headers: { "retry-after": "3" } },
      { kind: "reset" },
      { kind: "cut" },
      { kind: "status", status: 200, body: "<html>" },
    ];
    const world = await failing({ "replicate.create": [shown("processing")], "replicate.get": stumbles });
    expect(await ask(world)).toMatchObject({ output: "words" });
    expect(await operations(world)).toEqual(["create", ...Array(6).fill("get")]);
    expect(world.waits).toContain(3_000);
  });

  test("one that is refused ends it, and it is canceled", async () => {
    const world = await failing({
      "replicate.create": [shown("processing")],
      "replicate.get": [{ kind: "status", status: 401 }],
    });
    await expect(ask(world)).rejects.toMatchObject({ code: "unauthorized", retryable: false });
    expect(await operations(world)).toEqual(["create", "get", "cancel"]);
  });

  test.each([
    [0, [250, 375, 562.5]],
    [1 - Number.EPSILON, [500, 750, 1125]],
  ])("grow from half a second to five, with jitter (a chance of %d)", async (chance, first) => {
    const world = await failing({
      "replicate.create": [shown("processing")],
      "replicate.get": Array(12).fill(shown("processing")),
    });
    await ask({ ...world, chance: () => chance }, { deadline: NOW + 120_000 });
    expect(world.waits.slice(0, 3).map((wait) => Math.round(wait * 2) / 2)).toEqual(first);
    expect(world.waits.at(-1)).toBeCloseTo((5_000 / 2) * (1 + chance));
    expect(Math.max(...world.waits)).toBeLessThanOrEqual(5_000);
  });

  test("E: end with the deadline, and so does the prediction", async () => {
    const world = await failing({
      "replicate.create": [shown("starting")],
      "replicate.get": Array(100).fill(shown("processing")),
    });
    await expect(ask(world)).rejects.toMatchObject({ code: "timeout" });
    expect(world.clock()).toBe(NOW + 30_000);
    const met = await operations(world);
    expect(met.length).toBeLessThan(30);
    expect(met.at(-1)).toBe("cancel");
  });
});

test("a poll that tells of another prediction is no word of this one: it is given up and canceled", async () => {
  const world = await failing({
    "replicate.create": [shown("processing")],
    "replicate.get": [shown("succeeded", { id: "p9", output: "other" })],
  });
  await expect(ask(world)).rejects.toMatchObject({ code: "unreadable", retryable: false });
  expect(await operations(world)).toEqual(["create", "get", "cancel"]);
});

describe("J: an abort", () => {
  test("while it waits cancels the prediction upstream at once", async () => {
    const world = await failing({ "replicate.create": [shown("processing")] });
    const leave = new AbortController();
    const { asleep, sleep } = sleeper();
    const asked = ask({ ...world, sleep }, { signal: leave.signal });
    await asleep;
    leave.abort();
    await expect(asked).rejects.toMatchObject({ code: "canceled", retryable: false });
    expect(await operations(world)).toEqual(["create", "cancel"]);
  });

  test("by the deadline is a timeout", async () => {
    const world = await failing({ "replicate.create": [shown("processing")] });
    const late = new AbortController();
    const { asleep, sleep } = sleeper();
    const asked = ask({ ...world, sleep }, { signal: late.signal });
    await asleep;
    late.abort(new DOMException("late", "TimeoutError"));
    await expect(asked).rejects.toMatchObject({ code: "timeout" });
  });

  test.each([["silent"], ["stalled"]] as const)("while the create is %s closes its connection", async (kind) => {
    const world = await failing({ "replicate.create": [{ kind }] });
    const leave = new AbortController();
    const asked = ask(world, { signal: leave.signal });
    await world.session.until((calls) => calls.length === 1);
    leave.abort();
    await expect(asked).rejects.toMatchObject({ code: "canceled" });
    const calls = await world.session.until(([first]) => first?.abandoned === true);
    expect(calls).toHaveLength(1);
  });

  test("while the create is on its way rejects at once, and cancels what it turns out to be", async () => {
    const world = await failing({ "replicate.create": [shown("processing")] });
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
    expect(await operations(world)).toEqual(["create"]);
    arrive();
    await Promise.all(behind);
    expect(await operations(world)).toEqual(["create", "cancel"]);
  });

  test("before the create is sent sends none", async () => {
    const world = await failing({});
    await expect(ask(world, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "canceled" });
    expect(await operations(world)).toEqual([]);
  });

  test("while a poll hangs ends the poll and cancels", async () => {
    const world = await failing({ "replicate.create": [shown("processing")], "replicate.get": [{ kind: "silent" }] });
    const leave = new AbortController();
    const asked = ask(world, { signal: leave.signal });
    await world.session.until((calls) => calls.length === 2);
    leave.abort();
    await expect(asked).rejects.toMatchObject({ code: "canceled" });
    expect(await operations(world)).toEqual(["create", "get", "cancel"]);
  });

  test("a cancel that fails changes nothing", async () => {
    const world = await failing({ "replicate.create": [shown("processing")], "replicate.cancel": [{ kind: "reset" }] });
    const leave = new AbortController();
    const { asleep, sleep } = sleeper();
    const asked = ask({ ...world, sleep }, { signal: leave.signal });
    await asleep;
    leave.abort();
    await expect(asked).rejects.toMatchObject({ code: "canceled" });
    expect(await operations(world)).toEqual(["create", "cancel"]);
  });
});

describe("a callback", () => {
  const ended = { id: "p1", status: "succeeded", output: "told", version: VERSION };
  const url = "https://namesight.test/hooks/replicate/1";
  const telling = (word: unknown): Callback => ({ url, ended: async () => word });
  const running = { "replicate.create": [shown("processing")] };

  test("is asked for by its end alone", async () => {
    const world = await failing({});
    await ask(world, { callback: telling(null) });
    expect((await world.session.calls())[0]?.body).toMatchObject({
      webhook: url,
      webhook_events_filter: ["completed"],
    });
  });

  test("makes polls needless", async () => {
    const world = await failing(running);
    expect(await ask({ ...world, sleep: sleepForEver }, { callback: telling(ended) })).toEqual({
      output: "told",
      version: VERSION,
    });
    expect(await operations(world)).toEqual(["create"]);
  });

  test("that tells of a failure is an error", async () => {
    const world = await failing(running);
    await expect(
      ask({ ...world, sleep: sleepForEver }, { callback: telling({ ...ended, status: "failed", error: "no" }) }),
    ).rejects.toMatchObject({
      code: "failed",
    });
  });

  test.each([
    ["nothing", null],
    ["another prediction", { ...ended, id: "p2" }],
    ["no end", { ...ended, status: "processing" }],
    ["something else", "words"],
  ])("that tells of %s is not believed: the vendor is asked", async (_, word) => {
    const world = await failing(running);
    expect(await ask({ ...world, sleep: sleepForEver }, { callback: telling(word) })).toMatchObject({
      output: "words",
    });
    expect(await operations(world)).toEqual(["create", "get"]);
  });

  test("that never comes is made up for by few polls", async () => {
    const world = await failing({ ...running, "replicate.get": [shown("processing")] });
    const never: Callback = { url, ended: () => new Promise(() => {}) };
    expect(await ask(world, { callback: never })).toMatchObject({ output: "words" });
    expect(world.waits).toEqual([2_500, 2_500]);
  });

  test("is told when nobody listens any more", async () => {
    const world = await failing({});
    let listening: AbortSignal | null = null;
    const callback: Callback = {
      url,
      ended(signal) {
        listening = signal;
        return new Promise(() => {});
      },
    };
    await ask(world, { callback });
    expect(listening).toMatchObject({ aborted: true });
  });
});

describe("H: a picture too long to stand in the input", () => {
  const detections = { detections: [{ bbox: [1, 2, 3, 4], label: "a", confidence: 0.5 }] };
  const model = "efd10a8ddc57ea28773327e881ce95e20cc1d734c589f7dd01d2036921ed78aa";
  const start = (faults: NonNullable<HostScript["faults"]> = {}) =>
    startModel("grounding", "replicate:test/adirik/grounding-dino", {
      replies: { [`replicate ${model}`]: [detections] },
      faults,
    });
  const image = `data:image/png;base64,${"A".repeat(400_000)}`;
  const input = { image, size: { width: 10, height: 10 }, entities: [{ id: "e1", text: "a", type: "PER" }] };

  test("is a file of the vendor's, and deleted when the prediction is over", async () => {
    const { run, calls } = await start();
    await run(input);
    const met = await calls();
    expect(met.map(({ operation }) => operation)).toEqual([
      "replicate.files.create",
      "replicate.create",
      "replicate.files.delete",
    ]);
    const [upload, created] = met;
    expect(upload?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(atob(upload?.base64 ?? "")).toContain("Content-Type: image/png");
    expect(created?.body).toMatchObject({ input: { image: expect.stringMatching(/^http.*\/files\/f1$/) } });
  });

  test("is deleted when the prediction fails, too", async () => {
    const { run, calls } = await start({ "replicate.create": [shown("failed")] });
    await expect(run(input)).rejects.toMatchObject({ code: "failed" });
    expect((await calls()).at(-1)?.operation).toBe("replicate.files.delete");
  });

  test("that cannot be uploaded is one request, and a StageError", async () => {
    const { run, calls } = await start({
      "replicate.files.create": Array<Fault>(10).fill({ kind: "status", status: 413 }),
    });
    await expect(run(input)).rejects.toMatchObject({
      code: "rejected",
      detail: "rejected the request: input too large (413)",
    });
    expect(await calls()).toHaveLength(1);
  });

  test("a short one stands in the input", async () => {
    const { run, calls } = await start();
    await run({ ...input, image: "data:image/png;base64,AQID" });
    expect((await calls()).map(({ operation }) => operation)).toEqual(["replicate.create"]);
  });
});
