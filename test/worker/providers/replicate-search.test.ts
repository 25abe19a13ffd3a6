import { describe, expect, test } from "vitest";
import { predict } from "../../../src/providers/replicate.ts";
import { findPrediction, type ReplicateTarget } from "../../../src/providers/replicate-search.ts";
import type { Fault, HostScript } from "../../support/hosted/script.ts";
import { VERSION } from "./replicate-world.ts";
import { type CalmWorld, NOW, startWorld, unbound } from "./start.ts";

const OTHER = "b".repeat(64);
const INPUT = { image: "https://namesight.test/p", boxes: [{ x: 1, y: 2 }] };
const replies = {
  [`replicate ${VERSION}`]: ["words"],
  [`replicate ${OTHER}`]: ["words"],
  "replicate owner/name": ["words"],
};

const start = (script: HostScript = {}): Promise<CalmWorld> => startWorld({ replies, ...script });

const addressOf = (world: CalmWorld) => ({ endpoint: new URL(world.session.at("replicate/v1")), token: "t0ken" });

const create = (world: CalmWorld, target: ReplicateTarget, input: Record<string, unknown>) =>
  predict(addressOf(world), target, input, world, {
    signal: unbound(),
    deadline: NOW + 30_000,
    later: () => undefined,
  }).catch(() => null);

const find = (world: CalmWorld, target: ReplicateTarget = { version: VERSION }, since = NOW) =>
  findPrediction(addressOf(world), target, INPUT, since, world, unbound());

describe("findPrediction", () => {
  test("finds the newest with the same input, in whatever order its fields are", async () => {
    const world = await start();
    const turned = { boxes: [{ y: 2, x: 1 }], image: INPUT.image };
    for (const input of [INPUT, turned, { ...INPUT, image: "https://namesight.test/q" }])
      await create(world, { version: VERSION }, input);
    expect(await find(world)).toBe("p2");
  });

  test.each<[what: string, target: ReplicateTarget, found: string | null]>([
    ["a version", { version: VERSION }, "p1"],
    ["another version", { version: OTHER }, null],
    ["an official model", { model: "owner/name" }, "p2"],
    ["another model", { model: "owner/other" }, null],
    ["a deployment", { deployment: "owner/name" }, "p3"],
    ["another deployment", { deployment: "owner/other" }, null],
  ])("finds only predictions of %s that is asked for", async (_, target, found) => {
    const world = await start();
    for (const made of [{ version: VERSION }, { model: "owner/name" }, { deployment: "owner/name" }])
      await create(world, made, INPUT);
    expect(await find(world, target)).toBe(found);
  });

  test("leaves out those that are more than a minute older, and does not read behind them", async () => {
    const world = await start({ pageSize: 1 });
    for (let count = 0; count < 3; count++) await create(world, { version: VERSION }, INPUT);
    expect(await find(world, { version: VERSION }, NOW + 60_000)).toBe("p3");
    expect(await find(world, { version: VERSION }, NOW + 60_001)).toBeNull();
    expect(await world.session.calls("replicate.list")).toHaveLength(2);
  });

  test.each(["canceled", "aborted"])("leaves out one that was %s", async (status) => {
    const stopped: Fault = { kind: "prediction", status };
    const world = await start({ faults: { "replicate.create": [stopped] } });
    await create(world, { version: VERSION }, INPUT);
    expect(await find(world)).toBeNull();
  });

  test("reads three pages at most, each with one request to the address that was configured", async () => {
    const world = await start({ pageSize: 1 });
    await create(world, { version: VERSION }, INPUT);
    for (let count = 0; count < 2; count++) await create(world, { version: VERSION }, { count });
    expect(await find(world)).toBe("p1");
    await create(world, { version: VERSION }, { count: 3 });
    expect(await find(world)).toBeNull();
    const calls = await world.session.calls("replicate.list");
    expect(calls.map(({ search }) => search)).toEqual(["", "?cursor=1", "?cursor=2", "", "?cursor=1", "?cursor=2"]);
  });

  test.each<[what: string, fault: Fault, error: object]>([
    ["no list", { kind: "status", status: 200, body: '{"results":7}' }, { code: "unreadable" }],
    ["a limit", { kind: "status", status: 429 }, { code: "rate_limited", retryable: true }],
    ["nothing", { kind: "reset" }, { code: "network", retryable: true }],
  ])("reports an answer with %s", async (_, fault, error) => {
    const world = await start({ faults: { "replicate.list": [fault] } });
    await expect(find(world)).rejects.toMatchObject(error);
  });

  test("passes over entries that are no predictions", async () => {
    const body = JSON.stringify({ next: null, results: [7, { id: "../x" }, null] });
    const world = await start({ faults: { "replicate.list": [{ kind: "status", status: 200, body }] } });
    expect(await find(world)).toBeNull();
  });
});
