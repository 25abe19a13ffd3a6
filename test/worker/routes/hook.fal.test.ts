import { describe, expect, inject, test } from "vitest";
import type { World } from "../../../src/bindings.ts";
import { FAL_KEYS_URL } from "../../../src/webhooks/fal-keys.ts";
import { falKeySet, signFal } from "../../support/hosted/fal-webhook.ts";
import { type Fault, type HostScript, HostSession, type SignedDelivery } from "../../support/hosted/script.ts";
import { dataUrl } from "../../support/png.ts";
import { COLLINS, type Harness, NOON, picture, SIZE, scriptedPost, startApp } from "../harness.ts";
import { sleepForEver } from "../providers/start.ts";
import { maskPng } from "../stages/mask-fixtures.ts";
import { newName, stored } from "../webhooks/stored-attempts.ts";

const NOW = NOON / 1000;
const PUBLIC_URL = "https://api.namesight.test";
const MODEL = "fal-ai/sam-3-1/image";
const ended = { request_id: "q1", gateway_request_id: "q1", status: "OK", error: null, payload: { masks: [] } };

/** The app, which fetches fal's keys from this test. */
const start = (
  variables: Record<string, string> = { PUBLIC_URL },
  keys = async () => Response.json(await falKeySet()),
) => startApp(scriptedPost(), { fetch: keys }, variables);

async function tell(
  name: string,
  { body = JSON.stringify(ended), age = 0, forged = false, app = start(), headers = {} as Record<string, string> } = {},
): Promise<number> {
  const signed = await signFal({ requestId: "q1", timestamp: NOW - age, body, forged });
  const response = await app.fetch(`/hooks/fal/${name}`, { method: "POST", headers: { ...signed, ...headers }, body });
  return response.status;
}

describe("POST /hooks/fal/{attempt}", () => {
  test("stores the end of a request once, with its result alone", async () => {
    const name = newName();
    expect(await tell(name)).toBe(204);
    const before = await stored(name);
    expect(JSON.parse(String(before.end))).toEqual({ request_id: "q1", status: "OK", payload: { masks: [] } });
    expect(await tell(name, { body: JSON.stringify({ ...ended, status: "ERROR" }) })).toBe(204);
    expect(await stored(name)).toEqual(before);
  });

  test.each([["text"], ["{}"], ['{"request_id":"q1","status":"IN_PROGRESS"}']])("ignores %s", async (body) => {
    const name = newName();
    expect(await tell(name, { body })).toBe(204);
    expect(await stored(name)).toEqual({});
  });

  test("stores only that it ended when the result is too long", async () => {
    const name = newName();
    expect(await tell(name, { body: JSON.stringify({ ...ended, payload: { url: "x".repeat(600_000) } }) })).toBe(204);
    expect(await stored(name)).toEqual({ end: "null" });
  });

  test.each([
    ["signed by another key", { forged: true }],
    ["older than five minutes", { age: 301 }],
    ["without a signature", { headers: { "x-fal-webhook-signature": "" } }],
    [
      "signed by keys that cannot be fetched",
      { app: start({ PUBLIC_URL }, async () => new Response("", { status: 500 })) },
    ],
  ])("answers 403 and stores nothing when a message is %s", async (_, change) => {
    const name = newName();
    expect(await tell(name, change)).toBe(403);
    expect(await stored(name)).toEqual({});
  });

  test.each([
    ["no public address", { PUBLIC_URL: "" }],
    ["a loopback address", { PUBLIC_URL: "https://127.0.0.1:8787" }],
    ["an http address", { PUBLIC_URL: "http://api.namesight.test" }],
  ])("answers 404 when the deployment has %s", async (_, variables) => {
    expect(await tell(newName(), { app: start(variables) })).toBe(404);
  });

  test("answers 404 for a name that no attempt has, and 413 for a body that is too large", async () => {
    expect(await tell("0".repeat(31))).toBe(404);
    expect(await tell(newName(), { body: " ".repeat(1024 * 1024 + 1) })).toBe(413);
  });
});

let requests = 0;

/** The app with segmentation by fal, whose hosts are this session's. */
async function deploy(script: HostScript, world: World = {}): Promise<{ app: Harness; session: HostSession }> {
  const session = await HostSession.open(inject("hosted"), script);
  const test = ++requests;
  const unlike = (length: number) => Uint8Array.from({ length }, (_, index) => (index === 0 ? test : 9));
  const places = {
    "https://fal.run": session.at("fal/run"),
    "https://queue.fal.run": session.at("fal/queue"),
    [FAL_KEYS_URL.href]: session.at("fal/jwks"),
  };
  const fetchThere: World["fetch"] = (url, init) => {
    const [from, to] = Object.entries(places).find(([prefix]) => url.href.startsWith(prefix)) ?? ["", ""];
    return fetch(new URL(url.href.replace(from, to)), init);
  };
  const variables = { PUBLIC_URL, FAL_KEY: "t0ken", SEGMENTATION: `fal/${MODEL}` };
  const app = startApp(scriptedPost(), { fetch: fetchThere, randomBytes: unlike, ...world }, variables);
  return { app, session };
}

const segment = async (app: Harness) =>
  app.post({ image: await picture(), boxes: [{ id: "b1", box: COLLINS }] }, {}, "/v1/segment");
const deliver = (app: Harness, { url, headers, body }: SignedDelivery) =>
  app.fetch(new URL(url).pathname, { method: "POST", headers, body });
const reply = async () => ({ masks: [{ url: dataUrl(await maskPng(COLLINS, SIZE)) }], scores: [0.9] });
const running: Fault = { kind: "prediction", status: "IN_PROGRESS" };

describe("a Worker that fal can reach", () => {
  test("queues the call, and takes the mask from the signed callback", async () => {
    const script = {
      replies: { [`fal ${MODEL}`]: [await reply()] },
      falCallbacks: { now: NOW, deliveries: [{ forged: true }, {}] },
    };
    const { app, session } = await deploy(script, { sleep: sleepForEver });
    const answering = segment(app);
    const [forged, real] = await session.deliveries(2);
    if (!forged || !real) throw new Error("no callback");
    expect(real.url).toMatch(/^https:\/\/api\.namesight\.test\/hooks\/fal\/[0-9a-f]{32}$/);
    expect((await deliver(app, forged)).status).toBe(403);
    expect((await deliver(app, real)).status).toBe(204);
    const answer = (await (await answering).json()) as { regions?: unknown; stages: unknown };
    expect(answer.stages).toMatchObject([{ stage: "segmentation", provider: "fal", attempts: 1 }]);
    expect(JSON.stringify(answer)).toContain('"mask_score":0.9');
    const operations = (await session.calls()).map(({ operation }) => operation);
    expect(operations.filter((operation) => operation !== "fal.jwks")).toEqual(["fal.submit"]);
  });

  test("polls when the callback is lost", async () => {
    const script = { replies: { [`fal ${MODEL}`]: [await reply()] }, faults: { "fal.status": [running] } };
    const { app, session } = await deploy(script);
    const answer = await segment(app);
    expect([answer.status, JSON.stringify(await answer.json()).includes('"mask_score":0.9')]).toEqual([200, true]);
    expect((await session.calls()).map(({ operation }) => operation)).toEqual([
      "fal.submit",
      "fal.status",
      "fal.status",
      "fal.response",
    ]);
  });

  test("says no key in an answer, a problem or a log", async () => {
    const { app, session } = await deploy({
      faults: { "fal.submit": [{ kind: "status", status: 401, body: '{"detail":"t0ken is invalid"}' }] },
    });
    const answer = await segment(app);
    expect(await answer.text()).not.toContain("t0ken");
    expect(JSON.stringify(app.lines)).not.toContain("t0ken");
    for (const { path, search, body } of await session.calls())
      expect(JSON.stringify([path, search, body])).not.toContain("t0ken");
  });
});
