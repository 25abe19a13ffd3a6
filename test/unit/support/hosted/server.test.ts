import { describe, expect, test } from "vitest";
import { hostForTests } from "../../../support/hosted/for-tests.ts";
import type { Fault } from "../../../support/hosted/script.ts";
import { sign } from "../../../support/hosted/webhook.ts";

const open = hostForTests();
const ask = (url: string, body: object, init: RequestInit = {}) =>
  fetch(url, { method: "POST", body: JSON.stringify(body), ...init });

describe("a fault", () => {
  const start = (...faults: Fault[]) =>
    open({ replies: { "cog m": [{ a: "long enough to be cut" }] }, faults: { cog: faults } });
  const predict = (session: Awaited<ReturnType<typeof start>>, init: RequestInit = {}) =>
    ask(session.at("cog/m/predictions"), { input: {} }, init);

  test("is met by one call each, in order, and by none after the last", async () => {
    const session = await start(
      { kind: "status", status: 503, headers: { "retry-after": "2" }, body: "busy" },
      { kind: "none" },
    );
    const refused = await predict(session);
    expect([refused.status, refused.headers.get("retry-after"), await refused.text()]).toEqual([503, "2", "busy"]);
    expect([(await predict(session)).status, (await predict(session)).status]).toEqual([200, 200]);
  });

  test("of the kind reset closes the connection without an answer", async () => {
    await expect(predict(await start({ kind: "reset" }))).rejects.toThrow("fetch failed");
  });

  test("of the kind cut closes the connection after half of the body", async () => {
    const response = await predict(await start({ kind: "cut" }));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow("terminated");
  });

  test("of the kind silent sends no headers, and the call is recorded as abandoned when the client leaves", async () => {
    const session = await start({ kind: "silent" });
    const hangUp = new AbortController();
    const asked = predict(session, { signal: hangUp.signal });
    await session.until((calls) => calls.length === 1);
    hangUp.abort();
    await expect(asked).rejects.toThrow("aborted");
    const [call] = await session.until(([first]) => first?.abandoned === true);
    expect(call).toMatchObject({ operation: "cog", abandoned: true });
  });

  test("of the kind stalled sends headers and half of the body, and keeps the connection open", async () => {
    const hangUp = new AbortController();
    const response = await predict(await start({ kind: "stalled" }), { signal: hangUp.signal });
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(value?.length).toBe(Math.floor(Number(response.headers.get("content-length")) / 2));
    const more = reader?.read();
    hangUp.abort();
    await expect(more).rejects.toThrow("aborted");
  });

  test.each([["trickle"], ["endless"]] as const)("of the kind %s sends an answer that does not end", async (kind) => {
    const hangUp = new AbortController();
    const session = await start({ kind });
    const response = await predict(session, { signal: hangUp.signal });
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(value?.length).toBeGreaterThan(0);
    if (kind === "trickle") expect(value?.length).toBeLessThan(Number(response.headers.get("content-length")));
    hangUp.abort();
    await session.until(([first]) => first?.abandoned === true);
  });

  test("of the kind prediction shows the prediction in a status, with more fields", async () => {
    const session = await start({ kind: "prediction", status: "failed", fields: { error: "no" } });
    expect(await (await predict(session)).json()).toMatchObject({ status: "failed", output: null, error: "no" });
  });
});

/** Cog's HTTP protocol: replicate/cog 0.22, docs/http.md. */
describe("a Cog container", () => {
  const start = () => open({ replies: { "cog m": ["out"] } });

  test("makes a prediction at once, with the client's id, or in the background", async () => {
    const session = await start();
    const sync = await ask(session.at("cog/m/predictions"), { input: { a: 1 } });
    expect([sync.status, await sync.json()]).toMatchObject([
      200,
      { status: "succeeded", output: "out", input: { a: 1 } },
    ]);
    const named = await ask(session.at("cog/m/predictions/mine"), { input: {} }, { method: "PUT" });
    expect(await named.json()).toMatchObject({ id: "mine", status: "succeeded" });
    const other = await ask(session.at("cog/m/predictions/mine"), { id: "yours", input: {} }, { method: "PUT" });
    expect(other.status).toBe(422);
    const started = await ask(
      session.at("cog/m/predictions"),
      { id: "later", input: {} },
      { headers: { prefer: "respond-async" } },
    );
    expect([started.status, await started.json()]).toMatchObject([202, { id: "later", status: "starting" }]);
    expect((await ask(session.at("cog/m/predictions/later/cancel"), {})).status).toBe(200);
    expect((await ask(session.at("cog/m/predictions/later/cancel"), {})).status).toBe(404);
  });

  test("has a health route, none to get a prediction, and refuses a body that is not JSON", async () => {
    const session = await start();
    expect(await (await fetch(session.at("cog/m/health-check"))).json()).toMatchObject({ status: "READY" });
    expect((await fetch(session.at("cog/m/predictions/p1"))).status).toBe(404);
    const wrong = await fetch(session.at("cog/m/predictions"), { method: "POST", body: "text" });
    expect([wrong.status, await wrong.json()]).toMatchObject([422, { detail: [{ loc: ["body"] }] }]);
  });
});

describe("a chat endpoint", () => {
  const good = { model: "m", messages: [{ role: "user", content: "?" }] };

  test.each([
    [{ messages: good.messages }, "model"],
    [{ ...good, messages: [] }, "messages"],
    [{ ...good, top_logprobs: 5 }, "top_logprobs"],
    [{ ...good, response_format: { type: "json_schema", json_schema: {} } }, "response_format.json_schema"],
  ])("refuses %j and names %s", async (body, param) => {
    const session = await open({ replies: { "chat m": [{}] } });
    const response = await ask(session.at("chat/v1/chat/completions"), body);
    expect([response.status, await response.json()]).toMatchObject([400, { error: { param } }]);
  });

  test("refuses a field every time when the script says so", async () => {
    const refusals = [{ operation: "chat", has: "response_format.type=json_schema", status: 500, body: "no" }];
    const session = await open({ replies: { "chat m": [{ ok: true }] }, refusals });
    const format = { type: "json_schema", json_schema: { name: "n", schema: {} } };
    const asked = [good, { ...good, response_format: format }, { ...good, response_format: format }];
    const statuses: number[] = [];
    for (const body of asked) statuses.push((await ask(session.at("chat/v1/chat/completions"), body)).status);
    expect(statuses).toEqual([200, 500, 500]);
  });
});

test("keeps the files and calls of two sessions apart", async () => {
  const [one, other] = [await open({ files: { "a.txt": { type: "text/plain", base64: "aGk=" } } }), await open()];
  expect(await (await fetch(one.at("a.txt"))).text()).toBe("hi");
  expect((await fetch(other.at("a.txt"))).status).toBe(404);
  expect([(await one.calls()).length, (await other.calls()).length]).toEqual([1, 1]);
});

test.each([
  [
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    1614265330,
    '{"test": 2432232314}',
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  ],
  [
    "msg_riveg_0001",
    1795392000,
    '{"id":"abc","status":"succeeded"}',
    "v1,LPcYw5F500X25+hgwuwC/3NJPz0Oq9tW6MBBt1sBg5Y=",
  ],
])("signs %s as the published test vector (Standard Webhooks 1.0) says", async (id, timestamp, body, signature) => {
  expect(await sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", id, timestamp, body)).toMatchObject({
    "webhook-signature": signature,
  });
});
