import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { serve } from "@hono/node-server";
import { describe, expect, test } from "vitest";
import { createFunctionsApp, createHosts } from "../../../functions/app.ts";
import type { StageFunction } from "../../../functions/stage-function.ts";
import { FUNCTION_STAGES } from "../../../functions/stage-function.ts";
import { HealthCheck, Prediction, ValidationErrors } from "../../../schemas/cog.ts";

type Run = StageFunction<"mner">["run"];
const nothingFound: Run = async () => ({ model: "scripted", version: "1", mentions: [], problems: [] });

/**
 * An app whose mner stage is `run`; every other stage is still starting. Deliveries to webhooks are kept, answered by
 * `webhookStatus`.
 */
function scripted(run: Run = nothingFound, webhookStatus: () => number = () => 200) {
  const deliveries: Array<{ url: string; prediction: Prediction }> = [];
  const waits: number[] = [];
  const hosts = createHosts({
    fetch: async (url, init) => {
      deliveries.push({ url: String(url), prediction: Prediction.parse(JSON.parse(String(init?.body))) });
      return new Response(null, { status: webhookStatus() });
    },
    wait: async (milliseconds) => waits.push(milliseconds),
  });
  hosts.mner.ready({ name: "mner", model: "scripted", version: "1", run });
  const app = createFunctionsApp(hosts);
  const post = (body: unknown, headers: Record<string, string> = {}, path = "/mner/predictions", method = "POST") =>
    app.request(path, { method, body: typeof body === "string" ? body : JSON.stringify(body), headers });
  return { app, hosts, post, deliveries, waits };
}

/** A stage that says when it began and ends when it is told to, or when it is aborted. */
function held() {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begin: (signal: AbortSignal) => void = () => undefined;
  const begun = new Promise<AbortSignal>((resolve) => {
    begin = resolve;
  });
  const run: Run = async (input, context) => {
    begin(context.signal);
    await Promise.race([
      released,
      new Promise((_, reject) => context.signal.addEventListener("abort", () => reject(context.signal.reason))),
    ]);
    return nothingFound(input, context);
  };
  return { run, begun, release };
}

const input = { text: "Eileen Collins" };

describe("POST /{stage}/predictions", () => {
  test("200 with the output and the seconds that it took", async () => {
    const response = await scripted().post({ id: "a", input });
    expect(response.status).toBe(200);
    const prediction = Prediction.parse(await response.json());
    expect(prediction).toMatchObject({ id: "a", status: "succeeded", output: { mentions: [] } });
    expect(prediction.metrics?.predict_time).toBeGreaterThanOrEqual(0);
  });

  test("200 with status failed when the model throws", async () => {
    const response = await scripted(() => Promise.reject(new Error("no memory"))).post({ input });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: "failed", error: "no memory", output: null });
  });

  test("200 with status failed when the model breaks its own contract", async () => {
    const broken = (async () => ({ model: "scripted", version: "1", mentions: [{ text: "x" }] })) as unknown as Run;
    expect(await (await scripted(broken).post({ input })).json()).toMatchObject({ status: "failed", output: null });
  });

  test("an input field that the stage does not know is removed", async () => {
    let seen: unknown;
    const { post } = scripted(async (given, context) => {
      seen = given;
      return nothingFound(given, context);
    });
    expect((await post({ input: { ...input, seed: 7 } })).status).toBe(200);
    expect(seen).toEqual({ ...input, labels: "gmner" });
  });

  test.each([
    ["not JSON", "{", []],
    ["no text", { input: {} }, ["input", "text"]],
    ["text of the wrong type", { input: { text: 7 } }, ["input", "text"]],
    ["a text that is too long", { input: { text: "x".repeat(10_001) } }, ["input", "text"]],
    ["input that is not an object", { input: [] }, ["input"]],
    ["a webhook that is no URL", { input, webhook: "javascript:alert(1)" }, ["webhook"]],
    ["an event that does not exist", { input, webhook_events_filter: ["ended"] }, ["webhook_events_filter", 0]],
  ])("422 for %s", async (_, body, path) => {
    const response = await scripted().post(body);
    expect(response.status).toBe(422);
    expect(ValidationErrors.parse(await response.json()).detail.map(({ loc }) => loc)).toContainEqual([
      "body",
      ...path,
    ]);
  });

  test("503 before the weights are loaded and after loading failed, saying why", async () => {
    const { post, hosts } = scripted();
    expect((await post({ input }, {}, "/grounding/predictions")).status).toBe(503);
    hosts.grounding.ready(new Error("a digest differs"));
    const response = await post({ input }, {}, "/grounding/predictions");
    expect([response.status, await response.json()]).toEqual([503, { detail: "a digest differs" }]);
  });

  test("409 when the queue is full, and the predictions in it still end", async () => {
    const { run, release, begun } = held();
    const { post } = scripted(run);
    const taken = Array.from({ length: 33 }, () => post({ input }));
    await begun;
    await Promise.all(taken.map(() => Promise.resolve()));
    const refused = await post({ input }, { prefer: "respond-async" });
    expect(refused.status).toBe(409);
    release();
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual(taken.map(() => 200));
  });

  test("413 for a body past the limit", async () => {
    expect((await scripted().post({ input: { text: "x".repeat(25 * 1024 * 1024) } })).status).toBe(413);
  });

  test("a caller that hangs up cancels a synchronous prediction", async () => {
    const { run, begun } = held();
    const server = serve({ fetch: scripted(run).app.fetch, port: 0, hostname: "127.0.0.1" });
    await new Promise((resolve) => server.once("listening", resolve));
    const body = JSON.stringify({ input });
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.write(`POST /mner/predictions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    const signal = await begun;
    const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
    socket.resetAndDestroy();
    await aborted;
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("Prefer: respond-async", () => {
  test("202 at once; the webhook hears start, output and completed", async () => {
    const { run, begun, release } = held();
    const { post, deliveries } = scripted(run);
    const response = await post({ id: "a", input, webhook: "http://127.0.0.1:9/hook" }, { prefer: "respond-async" });
    expect([response.status, await response.json()]).toEqual([202, { id: "a", status: "starting" }]);
    await begun;
    release();
    await expect
      .poll(() => deliveries.map(({ prediction }) => prediction.status))
      .toEqual(["processing", "succeeded", "succeeded"]);
  });

  test("the filter chooses the events", async () => {
    const { post, deliveries } = scripted();
    await post(
      { input, webhook: "http://127.0.0.1:9/hook", webhook_events_filter: ["completed"] },
      { prefer: "respond-async" },
    );
    await expect.poll(() => deliveries.map(({ prediction }) => prediction.status)).toEqual(["succeeded"]);
  });

  test("a finished prediction is delivered again 12 times, each wait twice the last; others once", async () => {
    const { post, deliveries, waits } = scripted(nothingFound, () => 503);
    await post({ input, webhook: "http://127.0.0.1:9/hook" }, { prefer: "respond-async" });
    await expect.poll(() => waits.length).toBe(12);
    await expect.poll(() => deliveries.length).toBe(1 + 1 + 13);
    expect(waits).toEqual(Array.from({ length: 12 }, (_, retry) => 100 * 2 ** retry));
  });

  test("a webhook that refuses for good is left alone", async () => {
    const { post, deliveries, waits } = scripted(nothingFound, () => 404);
    await post(
      { input, webhook: "http://127.0.0.1:9/hook", webhook_events_filter: ["completed"] },
      { prefer: "respond-async" },
    );
    await expect.poll(() => deliveries.length).toBe(1);
    expect(waits).toEqual([]);
  });
});

describe("PUT /{stage}/predictions/{id} and cancel", () => {
  test("200 under the chosen id; 422 when the body names another", async () => {
    const { post } = scripted();
    expect(await (await post({ input }, {}, "/mner/predictions/mine", "PUT")).json()).toMatchObject({
      id: "mine",
      status: "succeeded",
    });
    expect((await post({ id: "other", input }, {}, "/mner/predictions/mine", "PUT")).status).toBe(422);
  });

  test("202 with a snapshot while it runs; it runs once", async () => {
    const { run, begun, release } = held();
    const { post } = scripted(run);
    const first = post({ input }, {}, "/mner/predictions/mine", "PUT");
    await begun;
    const again = await post({ input }, {}, "/mner/predictions/mine", "PUT");
    expect([again.status, await again.json()]).toEqual([202, { id: "mine", status: "processing" }]);
    release();
    expect((await first).status).toBe(200);
  });

  test("cancel: 200 and the prediction ends as canceled; 404 for one that is not there", async () => {
    const { run, begun } = held();
    const { post, app } = scripted(run);
    const first = post({ input }, {}, "/mner/predictions/mine", "PUT");
    await begun;
    const cancel = () => app.request("/mner/predictions/mine/cancel", { method: "POST" });
    const canceled = await cancel();
    expect([canceled.status, await canceled.json()]).toEqual([200, {}]);
    expect(await (await first).json()).toMatchObject({ id: "mine", status: "canceled" });
    expect((await cancel()).status).toBe(404);
  });

  test("results are not fetched: GET is 404", async () => {
    expect((await scripted().app.request("/mner/predictions/mine")).status).toBe(404);
  });
});

describe("what a client reads first", () => {
  test("health-check is always 200 and says STARTING, READY, BUSY or SETUP_FAILED", async () => {
    const { run, begun, release } = held();
    const { app, hosts, post } = scripted(run);
    const check = async (stage: string) => {
      const response = await app.request(`/${stage}/health-check`);
      expect(response.status).toBe(200);
      return HealthCheck.parse(await response.json());
    };
    expect(await check("mner")).toMatchObject({
      status: "READY",
      version: "scripted@1",
      setup: { status: "succeeded" },
    });
    expect(await check("picture")).toMatchObject({ status: "STARTING", setup: { status: "started" } });
    hosts.picture.ready(new Error("no libvips"));
    expect(await check("picture")).toMatchObject({
      status: "SETUP_FAILED",
      setup: { status: "failed", logs: "no libvips" },
    });
    const first = post({ input });
    await begun;
    expect(await check("mner")).toMatchObject({ status: "BUSY" });
    release();
    await first;
  });

  test.each(FUNCTION_STAGES)("openapi.json of %s has its input and output", async (stage) => {
    const response = await scripted().app.request(`/${stage}/openapi.json`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      components: {
        schemas: {
          Input: { type: "object", additionalProperties: false },
          Output: { required: expect.arrayContaining(["model"]) },
        },
      },
    });
  });

  test("/health is 503 until every stage is ready; an unknown address is 404", async () => {
    const { app, hosts } = scripted();
    expect((await app.request("/health")).status).toBe(503);
    const { stage } = hosts.mner;
    if (!stage) throw new Error("mner is ready in this test");
    for (const name of FUNCTION_STAGES) hosts[name].ready(stage);
    expect((await app.request("/health")).status).toBe(200);
    expect((await app.request("/nothing")).status).toBe(404);
  });
});
