import { describe, expect, test } from "vitest";
import { postRoboflow } from "../../../src/providers/roboflow.ts";
import type { Fault, HostScript } from "../../support/hosted/script.ts";
import { type CalmWorld, startWorld, unbound } from "./start.ts";

const OUTPUT = { predictions: [], time: 0.2 };
const INPUT = {
  image: { type: "url", value: "https://namesight.test/p" },
  prompts: { prompts: [{ box: { x: 1, y: 1, width: 2, height: 2 } }] },
};
const start = (faults: HostScript["faults"] = {}) => startWorld({ replies: { "roboflow sam3": [OUTPUT] }, faults });
const ask = (world: CalmWorld, token: string | null = "t0ken", signal = unbound()) =>
  postRoboflow(
    { endpoint: new URL(world.session.at("roboflow")), token },
    "/sam3/visual_segment",
    INPUT,
    world,
    signal,
  );

describe("postRoboflow", () => {
  test("sends one request, with the key in a header alone", async () => {
    const world = await start();
    expect(await ask(world)).toEqual(OUTPUT);
    const [call, ...more] = await world.session.calls();
    expect(more).toEqual([]);
    expect(call).toMatchObject({
      operation: "roboflow",
      path: "/roboflow/sam3/visual_segment",
      search: "",
      body: INPUT,
    });
    expect(call?.headers).toMatchObject({ authorization: "Bearer t0ken" });
    expect(JSON.stringify([call?.path, call?.search, call?.body])).not.toContain("t0ken");
  });

  test("sends no key where there is none", async () => {
    const world = await start();
    await expect(ask(world, null)).rejects.toMatchObject({ code: "unauthorized" });
    const [call] = await world.session.calls();
    expect(call?.headers).not.toHaveProperty("authorization");
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
    const world = await start({ roboflow: [said] });
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
      const world = await start({ roboflow: [{ kind }] });
      const leave = new AbortController();
      const answer = ask(world, "t0ken", leave.signal);
      await world.session.until((calls) => calls.length === 1);
      leave.abort(new DOMException("late", "TimeoutError"));
      await expect(answer).rejects.toMatchObject({ code: "timeout" });
      await world.session.until(([call]) => call?.abandoned === true);
    },
  );
});
