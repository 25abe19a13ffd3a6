import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import { predict } from "../../../src/providers/cog.ts";
import { endlessHost } from "../../support/endless-host.ts";
import type { Fault } from "../../support/hosted/script.ts";
import { type CalmWorld, caption, captioner, NOW, runnerOf, startWorld, unbound } from "./start.ts";

const start = (...faults: Fault[]) => startWorld({ replies: { "cog m": ["words"] }, faults: { cog: faults } });
const ask = (
  world: CalmWorld,
  { signal = unbound(), token = "t0ken" }: { signal?: AbortSignal; token?: string | null } = {},
) => predict({ endpoint: new URL(world.session.at("cog")), model: "m", token }, { a: 1 }, world, signal);

test("sends one request with the input, and the token when there is one", async () => {
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

/** docs/reference/hosted-models.md, "Errors and waiting". */
describe("a prediction", () => {
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
    ["a 200 that says failed", shown("failed", { error: "it broke on: the post" }), "failed", false],
    [
      "a 200 that says failed because of the picture",
      shown("failed", { error: "invalid_picture: no" }),
      "invalid_picture",
      false,
    ],
    [
      "a 200 that says failed in a decoder's words",
      shown("failed", { error: "cannot identify image file <_io.BytesIO object>" }),
      "invalid_picture",
      false,
    ],
    ["a 200 that says canceled", shown("canceled"), "canceled", false],
    ["a 200 that says processing", shown("processing"), "unfinished", true],
    ["a 202", answered(202, { status: "starting" }), "unfinished", true],
    ["a 409", answered(409), "busy", true],
    ["a 422", answered(422, { detail: [] }), "rejected", false],
    ["a 503", answered(503), "not_ready", true],
    ["something other than a prediction", answered(200, { hello: "world" }), "unreadable", true],
    ["HTML", { kind: "status", status: 200, body: "<html>" }, "unreadable", true],
    ["cut off", { kind: "cut" }, "network", true],
    ["a closed connection", { kind: "reset" }, "network", true],
    [
      "a redirect",
      { kind: "status", status: 307, headers: { location: "https://elsewhere.example/" } },
      "http_error",
      false,
    ],
  ] as const)("throws a StageError after one request when the answer is %s", async (_, fault, code, retryable) => {
    const world = await start(...Array<Fault>(5).fill(fault));
    const error = await ask(world).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "StageError", code, retryable });
    expect(String(error)).not.toContain("the post");
    expect(await world.session.calls()).toHaveLength(1);
  });
});

test.each([["silent"], ["stalled"]] as const)(
  "closes the connection, which cancels the prediction, when it is aborted while the host is %s",
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

test("is repeated by the pipeline, after Retry-After where there is one, when the container is busy", async () => {
  const world = await start(
    { kind: "status", status: 409 },
    { kind: "status", status: 503, headers: { "retry-after": "2" } },
  );
  const runner = runnerOf([captioner("cog:test/m", async () => caption(await ask(world)))], world);
  expect(await runner.run("caption", {})).toMatchObject({ caption: "words" });
  expect(world.waits).toEqual([0, 2_000]);
});

test("sends nothing when the endpoint's origin is not configured", async () => {
  const world = await start();
  const elsewhere = { ...world, fetch: createProviderFetch(new Set(["https://elsewhere.example"])) };
  await expect(ask(elsewhere)).rejects.toMatchObject({ code: "network" });
  expect(await world.session.calls()).toEqual([]);
});

test("throws a StageError when the response is longer than the limit", async () => {
  const { endpoint, fetch, bytesRead } = endlessHost();
  const predicting = predict({ endpoint, model: "m", token: null }, {}, { fetch, clock: () => NOW }, unbound());
  await expect(predicting).rejects.toMatchObject({ name: "StageError", code: "invalid_output" });
  expect(bytesRead()).toBeLessThan(2 * LIMITS.replyBytes);
});
