import { describe, expect, test } from "vitest";
import { askMoondream } from "../../../src/providers/moondream.ts";
import type { Fault, HostScript } from "../../support/hosted/script.ts";
import { type CalmWorld, startWorld, unbound } from "./start.ts";

const OUTPUT = { objects: [] };
const INPUT = { image_url: "data:image/png;base64,AAAA", object: "a dog" };
const start = (faults: HostScript["faults"] = {}) => startWorld({ replies: { "moondream detect": [OUTPUT] }, faults });
const ask = (world: CalmWorld, token: string | null = "t0ken", signal = unbound()) =>
  askMoondream({ endpoint: new URL(world.session.at("moondream/v1")), token }, "detect", INPUT, world, signal);

describe("askMoondream", () => {
  test("sends one request, with the key in a header alone", async () => {
    const world = await start();
    expect(await ask(world)).toEqual(OUTPUT);
    const [call, ...more] = await world.session.calls();
    expect(more).toEqual([]);
    expect(call).toMatchObject({ operation: "moondream", path: "/moondream/v1/detect", search: "", body: INPUT });
    expect(call?.headers).toMatchObject({ "x-moondream-auth": "t0ken" });
    expect(JSON.stringify([call?.path, call?.search, call?.body])).not.toContain("t0ken");
  });

  test("sends no key where there is none", async () => {
    const world = await start();
    await expect(ask(world, null)).rejects.toMatchObject({ code: "unauthorized" });
    const [call] = await world.session.calls();
    expect(call?.headers).not.toHaveProperty("x-moondream-auth");
  });

  test.each<[what: string, fault: Fault, error: object]>([
    ["an invalid key", { kind: "status", status: 401 }, { code: "unauthorized", retryable: false }],
    ["an unpaid account", { kind: "status", status: 402 }, { code: "unauthorized", retryable: false }],
    ["a timeout", { kind: "status", status: 408 }, { code: "http_error", retryable: true }],
    ["input that it does not accept", { kind: "status", status: 422 }, { code: "rejected", retryable: false }],
    [
      "a limit that is reached",
      { kind: "status", status: 429, headers: { "retry-after": "7" } },
      { code: "rate_limited", retryable: true, retryAfterMs: 7_000 },
    ],
    ["a fault of the host", { kind: "status", status: 500 }, { code: "http_error", retryable: true }],
    ["a reset connection", { kind: "reset" }, { code: "network", charged: false }],
    ["half an answer", { kind: "cut" }, { code: "network", charged: true }],
    ["something that is not JSON", { kind: "status", status: 200, body: "<html>" }, { code: "unreadable" }],
    ["too much", { kind: "status", status: 200, body: " ".repeat(17 * 1024 * 1024) }, { code: "invalid_output" }],
  ])("reports %s, and quotes none of it", async (_, fault, error) => {
    const said = fault.kind === "status" && !fault.body ? { ...fault, body: '{"message":"a secret"}' } : fault;
    const world = await start({ moondream: [said] });
    await expect(ask(world)).rejects.toMatchObject({
      name: "StageError",
      detail: expect.not.stringContaining("secret"),
      ...error,
    });
    expect((await world.session.calls()).length).toBe(1);
  });

  test.each<[kind: "silent" | "stalled"]>([["silent"], ["stalled"]])(
    "closes its connection when the caller leaves a host that is %s",
    async (kind) => {
      const world = await start({ moondream: [{ kind }] });
      const leave = new AbortController();
      const answer = ask(world, "t0ken", leave.signal);
      await world.session.until((calls) => calls.length === 1);
      leave.abort(new DOMException("late", "TimeoutError"));
      await expect(answer).rejects.toMatchObject({ code: "timeout" });
      await world.session.until(([call]) => call?.abandoned === true);
    },
  );
});
