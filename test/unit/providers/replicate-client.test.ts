import { describe, expect, test, vi } from "vitest";
import { callReplicate, ReplicateId } from "../../../src/providers/replicate-client.ts";

const address = { endpoint: new URL("https://gateway.test/replicate/v1") };
const signal = new AbortController().signal;

/** One call of the client at a host that answers so, and what the host was asked. */
async function call(answer: () => Response | Promise<Response>, aborted = signal, token = "t0ken") {
  const requests: Array<{ url: string; authorization: string | null }> = [];
  const runtime = {
    fetch: async (url: URL, init: RequestInit) => {
      requests.push({ url: url.href, authorization: new Headers(init.headers).get("authorization") });
      return answer();
    },
    clock: () => 0,
  };
  const outcome = await callReplicate({ ...address, token }, runtime, aborted, ({ predictions }) =>
    predictions.get("p1"),
  ).catch((error: unknown) => error);
  return { requests, outcome };
}

describe("callReplicate", () => {
  test("sends no token of the process's environment when it is given none", async () => {
    vi.stubEnv("REPLICATE_API_TOKEN", "of-the-environment");
    const { requests } = await call(() => Response.json({ id: "p1" }), signal, "").finally(() => vi.unstubAllEnvs());
    expect(requests).toHaveLength(1);
    expect(requests[0]?.authorization ?? "").not.toContain("of-the-environment");
  });

  test("sends one request to the endpoint's own path with the token", async () => {
    const { requests, outcome } = await call(() => Response.json({ id: "p1" }));
    expect(outcome).toEqual({ id: "p1" });
    expect(requests).toEqual([
      { url: "https://gateway.test/replicate/v1/predictions/p1", authorization: "Bearer t0ken" },
    ]);
  });

  test.each([
    ["a 429", () => new Response("", { status: 429, headers: { "retry-after": "3" } }), "rate_limited", 3_000],
    ["a 503", () => new Response("", { status: 503 }), "not_ready", null],
    ["a 401", () => new Response("", { status: 401 }), "unauthorized", null],
    ["HTML", () => new Response("<html>"), "unreadable", null],
    ["a broken connection", () => Promise.reject(new Error("reset")), "network", null],
  ])("sends one request and throws a StageError when the host answers with %s", async (_, answer, code, wait) => {
    const { requests, outcome } = await call(answer);
    expect(outcome).toMatchObject({ name: "StageError", code, retryAfterMs: wait });
    expect(requests).toHaveLength(1);
  });

  test.each([
    ["timeout", new DOMException("late", "TimeoutError")],
    ["canceled", undefined],
  ])("throws %s when the call was aborted", async (code, reason) => {
    const { outcome } = await call(() => Promise.reject(new Error("aborted")), AbortSignal.abort(reason));
    expect(outcome).toMatchObject({ name: "StageError", code });
  });
});

test.each([
  ["abc-123_x", true],
  ["", false],
  ["../../account", false],
  ["a/b", false],
  ["a.b", false],
  ["a".repeat(201), false],
])("ReplicateId takes %j: %s", (id, expected) => {
  expect(ReplicateId.safeParse(id).success).toBe(expected);
});
