import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import {
  DeliveriesAnswer,
  DeliveryFacts,
  NewWebhookAnswer,
  WebhookEvent,
  WebhookFacts,
  WebhooksAnswer,
  WebhookTestAnswer,
} from "../../../../schemas/webhooks.ts";
import type { DeliveryNote } from "../../../../src/accounts/calls.ts";
import { isSigned, readClaim } from "../../../../src/webhooks/standard-webhooks.ts";
import { startWithKeys } from "../../account-harness.ts";
import { NOON, readProblem } from "../../harness.ts";

const URL_OF_DESK = "https://example.com/namesight";
const SUBJECT = `req_${"0".repeat(26)}`;

/** What was sent to the public internet, and how the next message is answered. */
const sent: Array<{ readonly url: string; readonly headers: Headers; readonly body: Uint8Array<ArrayBuffer> }> = [];
let receiver: () => Promise<Response> = async () => new Response(null, { status: 204 });
/** The jobs and batches that were asked to send a message again. */
const redelivered: string[] = [];
const keepers = (kind: "job" | "batch") => ({
  getByName: (name: string) => ({
    redeliver: async (delivery: string) => {
      redelivered.push(`${kind} ${name} ${delivery}`);
      if (delivery === "msg_stuck") throw new Error("it is away");
      return delivery !== "msg_old";
    },
  }),
});
const fetchPublic = async (url: URL, init: RequestInit) => {
  const body = new Uint8Array(await new Response(init.body).arrayBuffer());
  sent.push({ url: url.href, headers: new Headers(init.headers), body });
  return receiver();
};
const bindings = { JOBS: keepers("job"), BATCHES: keepers("batch") };
const { send, createAccount } = startWithKeys(undefined, { fetchPublic }, bindings);

async function register(fields: object = {}) {
  const account = await createAccount();
  const created = await send("POST", "/v1/webhooks", account.key, { url: URL_OF_DESK, ...fields });
  expect(created.status).toBe(201);
  const { secret, ...facts } = NewWebhookAnswer.parse(await created.json());
  const call = (method: string, more = "", body?: unknown) =>
    send(method, `/v1/webhooks/${facts.id}${more}`, account.key, body);
  const note = (fields: Partial<DeliveryNote> = {}) =>
    account.calls.noteDelivery({
      endpoint: facts.id,
      delivery: "msg_1",
      subject: SUBJECT,
      event: "job.failed",
      attempt: 1,
      at: Date.now(),
      status: null,
      error: "cannot be reached",
      nextAt: null,
      ...fields,
    });
  const read = async () => {
    const { webhooks } = WebhooksAnswer.parse(await (await send("GET", "/v1/webhooks", account.key)).json());
    return webhooks.find(({ id }) => id === facts.id);
  };
  return { ...account, secret, facts, call, note, read };
}

describe("an endpoint", () => {
  test("201 for a new one with its secret, which nobody can read again", async () => {
    const { key, secret, facts } = await register({ name: "desk" });
    expect(facts).toMatchObject({ url: URL_OF_DESK, name: "desk", enabled: true, disabled_reason: null });
    expect(facts.events).toEqual(WebhookEvent.options);
    const listed = await send("GET", "/v1/webhooks", key);
    expect(listed.headers.get("cache-control")).toBe("no-store");
    const text = await listed.text();
    expect(text).not.toContain(secret.slice(6));
    expect(WebhooksAnswer.parse(JSON.parse(text)).webhooks).toEqual([facts]);
  });

  test.each([
    ["http", { url: "http://example.com/" }, "/url"],
    ["a private host", { url: "https://10.0.0.1/" }, "/url"],
    ["a port", { url: "https://example.com:8443/" }, "/url"],
    ["no address", { url: "namesight" }, "/url"],
    ["an address that is too long", { url: `https://example.com/${"a".repeat(2_000)}` }, "/url"],
    ["an event that is none", { url: URL_OF_DESK, events: ["job.started"] }, "/events/0"],
    ["no event", { url: URL_OF_DESK, events: [] }, "/events"],
    ["no fields", {}, "/url"],
  ])("422 for %s, new or changed", async (what, body, pointer) => {
    const { key, call, read } = await register();
    const problem = await readProblem(await send("POST", "/v1/webhooks", key, body));
    expect(problem).toMatchObject({ status: 422, code: "invalid_request", errors: [{ pointer }] });
    const changed = await call("PUT", "", body);
    // A change without fields is one of nothing.
    expect(changed.status).toBe(what === "no fields" ? 200 : 422);
    expect((await read())?.url).toBe(URL_OF_DESK);
  });

  test("409 once the account has as many as it may have", async () => {
    const { key, call } = await register();
    const another = () => send("POST", "/v1/webhooks", key, { url: URL_OF_DESK });
    for (let webhooks = 1; webhooks < LIMITS.webhooks; webhooks++) expect((await another()).status).toBe(201);
    expect(await readProblem(await another())).toMatchObject({ status: 409, code: "too_many_webhooks" });
    expect((await call("DELETE")).status).toBe(204);
    expect((await another()).status).toBe(201);
  });

  test("200 for a change: what is left out stays", async () => {
    const { facts, call, calls } = await register();
    const changed = await call("PUT", "", { url: "https://example.org/hook", events: ["job.failed"] });
    expect(WebhookFacts.parse(await changed.json())).toEqual({
      ...facts,
      url: "https://example.org/hook",
      events: ["job.failed"],
    });
    expect(await calls.webhooksFor("job.succeeded")).toEqual([]);
    const off = WebhookFacts.parse(await (await call("PUT", "", { enabled: false })).json());
    expect(off).toMatchObject({ enabled: false, disabled_reason: "owner", events: ["job.failed"] });
    expect(await calls.webhooksFor("job.failed")).toEqual([]);
  });

  test("201 for another secret: both sign during the overlap, and one alone after it", async () => {
    const { secret, facts, call, calls } = await register();
    const rotated = await call("POST", "/rotate");
    expect(rotated.status).toBe(201);
    const next = NewWebhookAnswer.parse(await rotated.json());
    expect(next.secret).not.toBe(secret);
    expect(next.overlap_until).not.toBeNull();
    expect((await calls.webhook(facts.id))?.secrets).toEqual([next.secret, secret]);
    const last = NewWebhookAnswer.parse(await (await call("POST", "/rotate", { overlap_seconds: 0 })).json());
    expect((await calls.webhook(facts.id))?.secrets).toEqual([last.secret]);
    expect(last.overlap_until).toBeNull();
  });

  test("404 for one of another account, one that was deleted, and what is no id", async () => {
    const [{ key, facts, call }, other] = [await register(), await register()];
    expect((await call("DELETE")).status).toBe(204);
    for (const id of [facts.id, other.facts.id, "wh_1"]) {
      for (const [method, more] of [
        ["PUT", ""],
        ["DELETE", ""],
        ["POST", "/rotate"],
        ["POST", "/test"],
        ["GET", "/deliveries"],
        ["POST", "/deliveries/msg_1/replay"],
      ] as const) {
        const problem = await readProblem(await send(method, `/v1/webhooks/${id}${more}`, key));
        expect([method, more, problem.status, problem.code]).toEqual([method, more, 404, "not_found"]);
      }
    }
    expect(await other.read()).toEqual(other.facts);
  });
});

describe("a delivery", () => {
  test("200 for the list, with what became of each, and 202 for one that is sent again", async () => {
    const { call, note } = await register();
    const at = Date.now();
    await note({ at, status: 503, error: "answered HTTP 503", nextAt: at + 5_000 });
    await note({ delivery: "msg_2", at: at + 1, status: 200, error: null });
    const { deliveries } = DeliveriesAnswer.parse(await (await call("GET", "/deliveries")).json());
    expect(deliveries.map(({ id, state }) => [id, state])).toEqual([
      ["msg_2", "delivered"],
      ["msg_1", "pending"],
    ]);
    const replayed = await call("POST", "/deliveries/msg_2/replay");
    expect(replayed.status).toBe(202);
    expect(DeliveryFacts.parse(await replayed.json())).toEqual(deliveries[0]);
    expect(redelivered).toContain(`job ${SUBJECT} msg_2`);
  });

  test("202 for one about a batch, which keeps it itself", async () => {
    const { call, note } = await register();
    await note({ delivery: "msg_batch", event: "batch.ended" });
    expect((await call("POST", "/deliveries/msg_batch/replay")).status).toBe(202);
    expect(redelivered).toContain(`batch ${SUBJECT} msg_batch`);
  });

  test("404 where nobody keeps the message, and 504 where its job does not answer", async () => {
    const { call, note } = await register();
    for (const delivery of ["msg_old", "msg_stuck"]) await note({ delivery });
    await note({ delivery: "msg_ping", subject: null, event: "ping" });
    const replay = async (id: string) => readProblem(await call("POST", `/deliveries/${id}/replay`));
    for (const id of ["msg_old", "msg_ping", "msg_none"]) {
      expect(await replay(id)).toMatchObject({ status: 404, code: "not_found" });
    }
    expect(await replay("msg_stuck")).toMatchObject({ status: 504, code: "deadline_exceeded" });
  });
});

describe("a test", () => {
  test("200 for a message that was taken: it is signed, and listed as any other", async () => {
    const { secret, facts, call } = await register();
    const tested = WebhookTestAnswer.parse(await (await call("POST", "/test")).json());
    expect(tested).toMatchObject({ delivered: true, status: 204, error: null });
    const message = sent.at(-1);
    const claim = message && readClaim(message.headers, NOON / 1000);
    expect(message?.url).toBe(URL_OF_DESK);
    expect(claim?.id).toBe(tested.id);
    expect(claim && message && (await isSigned(claim, message.body, secret))).toBe(true);
    expect(JSON.parse(new TextDecoder().decode(message?.body))).toMatchObject({ type: "ping", data: { id: facts.id } });
    const { deliveries } = DeliveriesAnswer.parse(await (await call("GET", "/deliveries")).json());
    expect(deliveries).toMatchObject([{ id: tested.id, event: "ping", subject: null, state: "delivered" }]);
  });

  test("200 for one that was not taken, with the reason; 410 disables the endpoint, which can be tested on", async () => {
    const { call, read } = await register();
    const answers: Array<readonly [() => Promise<Response>, object]> = [
      [async () => new Response(null, { status: 500 }), { status: 500, error: "answered HTTP 500" }],
      [() => Promise.reject(new TypeError("refused")), { status: null, error: "cannot be reached" }],
      [async () => new Response(null, { status: 410 }), { status: 410, error: "answered HTTP 410" }],
    ];
    for (const [answer, expected] of answers) {
      receiver = answer;
      const tested = WebhookTestAnswer.parse(await (await call("POST", "/test")).json());
      expect(tested).toMatchObject({ delivered: false, ...expected });
    }
    receiver = async () => new Response(null, { status: 204 });
    expect(await read()).toMatchObject({ enabled: false, disabled_reason: "gone" });
    expect(await (await call("POST", "/test")).json()).toMatchObject({ delivered: true });
    expect(await read()).toMatchObject({ enabled: false });
  });
});

describe("an endpoint that was disabled because it failed", () => {
  test("is named by Webhook-Disabled in the balance and in every admitted request, until it is enabled", async () => {
    const { key, facts, call, note } = await register();
    const told = async () => {
      const answers = [
        await send("GET", "/v1/balance", key),
        await send("POST", "/v1/mner", key, { text: "Eileen Collins" }),
      ];
      return answers.map((answer) => [answer.status, answer.headers.get("webhook-disabled")]);
    };
    expect(await told()).toEqual([
      [200, null],
      [200, null],
    ]);
    await note({ status: 410, error: "answered HTTP 410" });
    expect(await told()).toEqual([
      [200, facts.id],
      [200, facts.id],
    ]);
    const enabled = WebhookFacts.parse(await (await call("PUT", "", { enabled: true })).json());
    expect(enabled).toEqual({ ...facts, failing_since: null });
    expect(await told()).toEqual([
      [200, null],
      [200, null],
    ]);
  });
});
