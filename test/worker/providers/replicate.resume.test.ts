import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Callback } from "../../../src/providers/job.ts";
import { predict, resumePrediction } from "../../../src/providers/replicate.ts";
import type { KeptCall } from "../../../src/providers/resumable.ts";
import { addressOf, DEAD, inProcess, Keeping } from "./processes.ts";
import { operationsOf, shown, startReplicate, VERSION } from "./replicate-world.ts";
import { type CalmWorld, NOW, sleeper, unbound } from "./start.ts";

interface Options {
  readonly signal?: AbortSignal;
  readonly callback?: Callback | null;
  readonly input?: Record<string, unknown>;
}

/** One process's part of the attempt, and the work that it left behind. */
async function run(
  world: CalmWorld,
  keeping: Keeping,
  { signal = unbound(), callback = null, input = { a: 1, b: [2] } }: Options = {},
) {
  const address = { endpoint: new URL(world.session.at("replicate/v1")), token: "t0ken" };
  const behind: Promise<unknown>[] = [];
  const later = (work: Promise<unknown>) => void behind.push(work);
  const resumable = keeping.resumable();
  const options = { signal, deadline: world.clock() + 600_000, callback, later, resumable };
  try {
    return (
      (await resumePrediction(address, world, options)) ??
      (await predict(address, { version: VERSION }, input, world, options))
    );
  } finally {
    await Promise.allSettled(behind);
  }
}

/** An attempt of which an earlier process kept this. */
function keepingOf(kept: Partial<KeptCall>): Keeping {
  const keeping = new Keeping();
  keeping.kept = { attempt: null, id: null, at: NOW, ...kept };
  return keeping;
}

const processing = shown("processing");

describe("a resumable prediction", () => {
  test("is kept before it is created, and its id before the first poll", async () => {
    const world = await startReplicate({ "replicate.create": [processing] });
    const keeping = new Keeping();
    const seen: [string, KeptCall | null][] = [];
    const fetch: CalmWorld["fetch"] = (url, init) => {
      seen.push([String(init.method), keeping.kept]);
      return world.fetch(url, init);
    };
    expect(await run({ ...world, fetch }, keeping, { callback: addressOf(null) })).toMatchObject({ output: "words" });
    expect(seen).toEqual([
      ["POST", { attempt: "0123", id: null, at: NOW }],
      ["GET", { attempt: "0123", id: "p1", at: NOW }],
    ]);
  });

  test("is created once and answered, whenever processes die", async () => {
    const life = fc.record({
      deaths: fc.array(fc.nat(7), { maxLength: 5 }),
      polls: fc.nat(3),
      told: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(life, async ({ deaths, polls, told }) => {
        const world = await startReplicate({
          "replicate.create": [processing],
          "replicate.get": Array.from({ length: polls }, () => processing),
        });
        const callback = addressOf(told ? { id: "p1", status: "succeeded", output: "words" } : undefined);
        const keeping = new Keeping();
        for (const moments of deaths) await inProcess(world, moments, (alive) => run(alive, keeping, { callback }));
        expect(await run(world, keeping, { callback })).toMatchObject({ output: "words" });
        expect((await world.session.calls("replicate.create")).length).toBe(1);
        expect(await world.session.calls("replicate.cancel")).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test.each<[moment: string, moments: number, created: number, next: string[]]>([
    ["before the create request is sent", 0, 0, ["list", "create", "get"]],
    ["when its answer is lost", 1, 1, ["list", "get"]],
    ["when the id is known", 2, 1, ["get"]],
    ["while it is polled", 3, 1, ["get"]],
    ["when the end was not stored", 4, 1, ["get"]],
  ])("goes on after a death %s", async (_, moments, created, next) => {
    const world = await startReplicate({ "replicate.create": [processing] });
    const keeping = new Keeping();
    expect(await inProcess(world, moments, (alive) => run(alive, keeping))).toBe(DEAD);
    const [before, waited] = [await operationsOf(world), world.waits.length];
    expect(before.filter((operation) => operation === "create")).toHaveLength(created);
    expect(await run(world, keeping)).toEqual({ output: "words", version: VERSION });
    expect((await operationsOf(world)).slice(before.length)).toEqual(next);
    expect(world.waits[waited]).toBe(0);
  });

  test("takes the end from its callback when that came before", async () => {
    const world = await startReplicate();
    const told = { id: "p7", status: "succeeded", output: "told" };
    const callback = addressOf(told);
    const never = { ...world, sleep: () => new Promise<void>(() => undefined) };
    expect(await run(never, keepingOf({ id: "p7", attempt: "0123" }), { callback })).toMatchObject({ output: "told" });
    expect(await operationsOf(world)).toEqual([]);
  });

  test("is created anew when Replicate says that there is none with its id", async () => {
    const world = await startReplicate();
    const keeping = keepingOf({ id: "gone" });
    expect(await run(world, keeping)).toMatchObject({ output: "words" });
    expect(await operationsOf(world)).toEqual(["get", "create"]);
    expect(keeping.kept?.id).toBe("p1");
  });

  test("fails, and is not created anew, when its output was removed meanwhile", async () => {
    const world = await startReplicate({
      "replicate.create": [processing],
      "replicate.get": [shown("succeeded", { data_removed: true })],
    });
    const keeping = new Keeping();
    await inProcess(world, 2, (alive) => run(alive, keeping));
    await expect(run(world, keeping)).rejects.toMatchObject({ code: "failed", retryable: false });
    expect(await operationsOf(world)).toEqual(["create", "get"]);
  });

  test("goes on after polls and lists that fail, and creates nothing meanwhile", async () => {
    const world = await startReplicate({
      "replicate.create": [processing],
      "replicate.list": [{ kind: "reset" }, { kind: "status", status: 429, headers: { "retry-after": "7" } }],
      "replicate.get": [{ kind: "reset" }],
    });
    const keeping = new Keeping();
    await inProcess(world, 1, (alive) => run(alive, keeping));
    expect(await run(world, keeping)).toMatchObject({ output: "words" });
    expect(await operationsOf(world)).toEqual(["create", "list", "list", "list", "get", "get"]);
    expect(world.waits).toContain(7_000);
  });

  test("is looked for when only the create response was lost, and not created again", async () => {
    const world = await startReplicate({ "replicate.create": [{ kind: "cut" }] });
    const keeping = new Keeping();
    expect(await run(world, keeping)).toMatchObject({ output: "words" });
    expect(await operationsOf(world)).toEqual(["create", "list", "get"]);
    expect(keeping.kept?.id).toBe("p1");
  });

  test("fails as one that may have been charged when the create broke off and nothing is found", async () => {
    const world = await startReplicate({ "replicate.create": [{ kind: "reset" }] });
    await expect(run(world, new Keeping())).rejects.toMatchObject({ code: "network", retryable: false, charged: true });
    expect(await operationsOf(world)).toEqual(["create", "list"]);
  });
});

describe("an abort of a resumable prediction", () => {
  test.each<[what: string, moments: number, operations: string[]]>([
    ["whose id is known", 2, ["create", "cancel"]],
    ["whose create response was lost", 1, ["create", "list", "cancel"]],
    ["that was never sent", 0, ["list"]],
  ])("cancels one %s, also when it comes before the process goes on with it", async (_, moments, operations) => {
    const world = await startReplicate({ "replicate.create": [processing] });
    const keeping = new Keeping();
    await inProcess(world, moments, (alive) => run(alive, keeping));
    await expect(run(world, keeping, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "canceled" });
    expect(await operationsOf(world)).toEqual(operations);
  });

  test("cancels the prediction that another process created, between two polls", async () => {
    const world = await startReplicate({ "replicate.create": [processing], "replicate.get": [processing] });
    const keeping = new Keeping();
    await inProcess(world, 2, (alive) => run(alive, keeping));
    const leave = new AbortController();
    const { asleep, sleep } = sleeper();
    const first: CalmWorld["sleep"] = (milliseconds, signal) =>
      milliseconds === 0 ? Promise.resolve() : sleep(milliseconds, signal);
    const asked = run({ ...world, sleep: first }, keeping, { signal: leave.signal });
    await asleep;
    leave.abort();
    await expect(asked).rejects.toMatchObject({ code: "canceled" });
    expect(await operationsOf(world)).toEqual(["create", "get", "cancel"]);
  });
});
