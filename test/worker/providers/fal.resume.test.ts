import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runFal } from "../../../src/providers/fal.ts";
import type { Callback } from "../../../src/providers/job.ts";
import type { Fault, HostScript } from "../../support/hosted/script.ts";
import { addressOf, DEAD, inProcess, Keeping } from "./processes.ts";
import { type CalmWorld, NOW, startWorld, unbound } from "./start.ts";

const MODEL = "fal-ai/sam-3-1/image";
const OUTPUT = { masks: [] };
const INPUT = { image_url: "https://namesight.test/p", prompt: "" };
const running: Fault = { kind: "prediction", status: "IN_PROGRESS" };
const TOLD = { request_id: "q1", status: "OK", payload: OUTPUT };

const start = (faults: HostScript["faults"] = {}): Promise<CalmWorld> =>
  startWorld({ replies: { [`fal ${MODEL}`]: [OUTPUT] }, faults });

/** One process's part of the attempt, and the work that it left behind. */
async function run(
  world: CalmWorld,
  keeping: Keeping,
  { signal = unbound(), callback = null }: { readonly signal?: AbortSignal; readonly callback?: Callback | null } = {},
) {
  const { session } = world;
  const address = { endpoint: new URL(session.at("fal/run")), queue: new URL(session.at("fal/queue")), token: "t0ken" };
  const behind: Promise<unknown>[] = [];
  const options = {
    signal,
    deadline: world.clock() + 600_000,
    later: (work: Promise<unknown>) => void behind.push(work),
    resumable: keeping.resumable(),
    openCallback: (name?: string) => (callback && { ...callback, name: name ?? callback.name }) ?? null,
  };
  return runFal(address, MODEL, INPUT, world, options).finally(() => Promise.allSettled(behind));
}

const operations = async ({ session }: CalmWorld) =>
  (await session.calls()).map(({ operation }) => operation.replace("fal.", ""));

describe("a resumable call", () => {
  test("goes through the queue also where no callback can arrive, and keeps its id before the first poll", async () => {
    const world = await start();
    const keeping = new Keeping();
    expect(await run(world, keeping)).toEqual(OUTPUT);
    expect(await operations(world)).toEqual(["submit", "status", "response"]);
    expect(keeping.history).toEqual([
      { attempt: null, id: null, at: NOW },
      { attempt: null, id: "q1", at: NOW },
    ]);
  });

  test.each<[moment: string, moments: number, next: string[]]>([
    ["before it is submitted", 0, ["submit", "status", "response"]],
    ["when its id is known", 2, ["status", "response"]],
    ["while it is polled", 3, ["status", "response"]],
    ["before the end is read", 5, ["status", "response"]],
    ["when the end was not stored", 6, ["status", "response"]],
  ])("goes on after a death %s", async (_, moments, next) => {
    const world = await start();
    const keeping = new Keeping();
    expect(await inProcess(world, moments, (alive) => run(alive, keeping))).toBe(DEAD);
    const before = await operations(world);
    expect(await run(world, keeping)).toEqual(OUTPUT);
    expect((await operations(world)).slice(before.length)).toEqual(next);
    expect(await world.session.calls("fal.submit")).toHaveLength(1);
  });

  test.each<[what: string, told: unknown, next: string[]]>([
    ["the result", TOLD, []],
    ["an error", { request_id: "q1", status: "ERROR" }, ["status", "response"]],
  ])("takes the id of a lost submission from a callback with %s", async (_, told, next) => {
    const world = await start();
    const keeping = new Keeping();
    const callback = addressOf(told);
    await inProcess(world, 1, (alive) => run(alive, keeping, { callback }));
    const never = { ...world, sleep: (ms: number) => (ms === 0 ? Promise.resolve() : new Promise<void>(() => {})) };
    expect(await run(never, keeping, { callback })).toEqual(OUTPUT);
    expect(await operations(world)).toEqual(["submit", ...next]);
    expect(keeping.kept).toMatchObject({ attempt: "0123", id: "q1" });
  });

  test("is submitted again after 15 seconds when nothing tells the id of a lost submission", async () => {
    const world = await start();
    const keeping = new Keeping();
    const callback = addressOf(undefined);
    await inProcess(world, 1, (alive) => run(alive, keeping, { callback }));
    expect(await run(world, keeping, { callback })).toEqual(OUTPUT);
    expect(await operations(world)).toEqual(["submit", "submit", "status", "response"]);
    expect(world.waits.slice(0, 2)).toEqual([0, 15_000]);
  });

  test("takes its id from the callback when only the answer to its submission was lost", async () => {
    const world = await start({ "fal.submit": [{ kind: "cut" }] });
    expect(await run(world, new Keeping(), { callback: addressOf(TOLD) })).toEqual(OUTPUT);
    expect(await operations(world)).toEqual(["submit"]);
    const silent = await start({ "fal.submit": [{ kind: "cut" }] });
    const asked = run(silent, new Keeping(), { callback: addressOf(undefined) });
    await expect(asked).rejects.toMatchObject({ code: "network", charged: true });
    expect(await operations(silent)).toEqual(["submit"]);
  });

  test("is submitted again when fal says that there is no such request", async () => {
    const world = await start();
    const keeping = new Keeping();
    keeping.kept = { attempt: null, id: "gone", at: NOW };
    expect(await run(world, keeping)).toEqual(OUTPUT);
    expect(await operations(world)).toEqual(["status", "submit", "status", "response"]);
  });

  test("is submitted once and answered, whenever processes die after its answer has come", async () => {
    const life = fc.record({ deaths: fc.array(fc.nat(8), { maxLength: 5 }), polls: fc.nat(3), told: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(life, async ({ deaths, polls, told }) => {
        const world = await start({ "fal.status": Array.from({ length: polls }, () => running) });
        const keeping = new Keeping();
        const submissions = async () => (await world.session.calls("fal.submit")).length;
        // fal calls back when it has something to tell of.
        const callback = async () => addressOf(told && (await submissions()) > 0 ? TOLD : undefined);
        let lost = 0;
        for (const moments of deaths) {
          const [submitted, open] = [await submissions(), await callback()];
          await inProcess(world, moments, (alive) => run(alive, keeping, { callback: open }));
          if ((await submissions()) > submitted && keeping.kept?.id === null) lost++;
        }
        expect(await run(world, keeping, { callback: await callback() })).toEqual(OUTPUT);
        expect(await world.session.calls("fal.submit")).toHaveLength(told ? 1 : 1 + lost);
        expect(await world.session.calls("fal.cancel")).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test("is canceled upstream when its job was given up before a process went on with it", async () => {
    const world = await start();
    const keeping = new Keeping();
    await inProcess(world, 2, (alive) => run(alive, keeping));
    await expect(run(world, keeping, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "canceled" });
    expect(await operations(world)).toEqual(["submit", "cancel"]);
  });
});
