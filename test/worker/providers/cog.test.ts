import { describe, expect, test } from "vitest";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import { predict } from "../../../src/providers/cog.ts";
import type { Fault } from "../../support/hosted/script.ts";
import { type CalmWorld, caption, captioner, runnerOf, startWorld, unbound } from "./start.ts";

const start = (...faults: Fault[]) => startWorld({ replies: { "cog m": ["words"] }, faults: { cog: faults } });
const ask = (
  world: CalmWorld,
  { signal = unbound(), token = "t0ken" }: { signal?: AbortSignal; token?: string | null } = {},
) => predict({ endpoint: new URL(world.session.at("cog")), model: "m", token }, { a: 1 }, world, signal);

test("a prediction is one request: the input and nothing else", async () => {
  const world = await start();
  expect(await ask(world)).toBe("words");
  await ask(world, { token: null });
  const [first, second, ...more] = await world.session.calls();
  expect(more).toEqual([]);
  expect(first).toMatchObject({
    method: "POST",
    path: "/cog/m/predictions",
    body: { input: { a: 1 } },
    headers: { authorization: "Bearer t0ken" },
  });
  expect(second?.headers).not.toHaveProperty("authorization");
});

describe("what a container gives instead of a result is a StageError, after one request (hosted-apis section 4.1)", () => {
  const shown = (status: string, fields: Record<string, unknown> = {}): Fault => ({
    kind: "prediction",
    status,
    fields,
  });
  const answered = (status: number, body: object = {}): Fault => ({
    kind: "status",
    status,
    body: JSON.stringify(body),
  });
  test.each([
    ["failed, which is a 200", shown("failed", { error: "it broke on: the post" }), "failed", false],
    ["failed by the picture", shown("failed", { error: "invalid_picture: no" }), "invalid_picture", false],
    ["canceled", shown("canceled"), "canceled", false],
    ["not over", shown("processing"), "unfinished", true],
    ["a 202", answered(202, { status: "starting" }), "unfinished", true],
    ["full", answered(409), "busy", true],
    ["an input it does not take", answered(422, { detail: [] }), "rejected", false],
    ["setting up", answered(503), "not_ready", true],
    ["no prediction", answered(200, { hello: "world" }), "unreadable", true],
    ["no JSON", { kind: "status", status: 200, body: "<html>" }, "unreadable", true],
    ["broken off", { kind: "cut" }, "network", true],
    ["no answer", { kind: "reset" }, "network", true],
    [
      "an address elsewhere",
      { kind: "status", status: 307, headers: { location: "https://elsewhere.example/" } },
      "http_error",
      false,
    ],
  ] as const)("%s", async (_, fault, code, retryable) => {
    const world = await start(...Array<Fault>(5).fill(fault));
    const error = await ask(world).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "StageError", code, retryable });
    expect(String(error)).not.toContain("the post");
    expect(await world.session.calls()).toHaveLength(1);
  });
});

test.each([["silent"], ["stalled"]] as const)(
  "an abort while it is %s closes the connection, which cancels it there",
  async (kind) => {
    const world = await start({ kind });
    const leave = new AbortController();
    const asked = ask(world, { signal: leave.signal });
    await world.session.until((calls) => calls.length === 1);
    leave.abort();
    await expect(asked).rejects.toMatchObject({ code: "canceled" });
    await world.session.until(([first]) => first?.abandoned === true);
  },
);

test("a container that is full is asked again by the pipeline, when it says", async () => {
  const world = await start(
    { kind: "status", status: 409 },
    { kind: "status", status: 503, headers: { "retry-after": "2" } },
  );
  const runner = runnerOf([captioner("cog:test/m", async () => caption(await ask(world)))], world);
  expect(await runner.run("caption", {})).toMatchObject({ caption: "words" });
  expect(world.waits).toEqual([0, 2_000]);
});

test("a token goes to a configured origin or nowhere", async () => {
  const world = await start();
  const elsewhere = { ...world, fetch: createProviderFetch(new Set(["https://elsewhere.example"])) };
  await expect(ask(elsewhere)).rejects.toMatchObject({ code: "network" });
  expect(await world.session.calls()).toEqual([]);
});
