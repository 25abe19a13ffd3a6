import { describe, expect, test } from "vitest";
import { cogHost } from "../../../src/providers/cog-host.ts";

const open = new AbortController().signal;
const POST = { id: "req_1", picture: true, deadline_ms: 30_000 };

/** A host that gives this answer, and its requests. */
function hostThat(answers: () => Response) {
  const requests: unknown[] = [];
  let now = 0;
  const fetch = async (url: URL, { method, body, headers }: RequestInit) => {
    requests.push([
      method,
      url.href,
      body === undefined ? null : JSON.parse(String(body)),
      new Headers(headers).get("authorization"),
    ]);
    return answers();
  };
  const host = cogHost(
    { endpoint: new URL("https://models.test/gpu"), model: "mner", token: "t" },
    { fetch, clock: () => now },
  );
  return { host, requests, pass: (ms: number) => (now += ms) };
}
const status =
  (code: number, headers = {}) =>
  () =>
    new Response(null, { status: code, headers });

describe("cogHost", () => {
  test("asks for room and gives it back under the endpoint, with its token", async () => {
    const { host, requests } = hostThat(status(204));
    await host.admit(POST, open);
    await host.leave("req_1");
    expect(requests).toEqual([
      ["PUT", "https://models.test/gpu/admissions/req_1", { picture: true, deadline_ms: 30_000 }, "Bearer t"],
      ["DELETE", "https://models.test/gpu/admissions/req_1", null, "Bearer t"],
    ]);
  });

  test("throws `busy` with the time to wait when there is no room", async () => {
    const { host } = hostThat(status(409, { "retry-after": "12" }));
    await expect(host.admit(POST, open)).rejects.toMatchObject({ code: "busy", retryAfterMs: 12_000, retryable: true });
  });

  test.each([200, 307, 400, 401, 404, 405, 422, 501])("asks a host that answers %i once in a minute", async (code) => {
    const { host, requests, pass } = hostThat(() => new Response(code === 200 ? "{}" : null, { status: code }));
    await host.admit(POST, open);
    await host.admit(POST, open);
    await host.leave("req_1");
    expect(requests).toHaveLength(code === 200 ? 3 : 1);
    pass(60_000);
    await host.admit(POST, open);
    expect(requests).toHaveLength(code === 200 ? 4 : 2);
  });

  test("throws what else a host answers, and never when it leaves", async () => {
    const { host } = hostThat(status(503, { "retry-after": "2" }));
    await expect(host.admit(POST, open)).rejects.toMatchObject({ code: "not_ready", retryAfterMs: 2_000 });
    const dead = hostThat(() => {
      throw new TypeError("connection refused");
    });
    await expect(dead.host.admit(POST, open)).rejects.toMatchObject({ code: "network" });
    await dead.host.leave("req_1");
  });
});
