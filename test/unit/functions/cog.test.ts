import { describe, expect, test } from "vitest";
import { FUNCTION_STAGES } from "../../../functions/stage-function.ts";
import { HealthCheck, Prediction, ValidationErrors } from "../../../schemas/cog.ts";
import { held, input, nothingFound, scripted } from "./scripted-host.ts";

describe("POST /{stage}/predictions", () => {
  test("answers 200 with the output and predict_time", async () => {
    const response = await scripted().post({ id: "a", input });
    expect(response.status).toBe(200);
    const prediction = Prediction.parse(await response.json());
    expect(prediction).toMatchObject({ id: "a", status: "succeeded", output: { mentions: [] } });
    expect(prediction.metrics?.predict_time).toBeGreaterThanOrEqual(0);
  });

  test("answers 200 with status failed when the model throws", async () => {
    const response = await scripted(() => Promise.reject(new Error("no memory"))).post({ input });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: "failed", error: "no memory", output: null });
  });

  test("removes an input field when the stage does not know it", async () => {
    let received: unknown;
    const { post } = scripted(async (input, context) => {
      received = input;
      return nothingFound(input, context);
    });
    expect((await post({ input: { ...input, seed: 7 } })).status).toBe(200);
    expect(received).toEqual({ ...input, labels: "gmner" });
  });

  test.each([
    ["not JSON", "{", []],
    ["no text", { input: {} }, ["input", "text"]],
    ["text of the wrong type", { input: { text: 7 } }, ["input", "text"]],
    ["a text that is too long", { input: { text: "x".repeat(10_001) } }, ["input", "text"]],
    ["input that is not an object", { input: [] }, ["input"]],
    ["a webhook that is no URL", { input, webhook: "javascript:alert(1)" }, ["webhook"]],
    ["an event that does not exist", { input, webhook_events_filter: ["ended"] }, ["webhook_events_filter", 0]],
  ])("answers 422 and names the field when given %s", async (_, body, path) => {
    const response = await scripted().post(body);
    expect(response.status).toBe(422);
    expect(ValidationErrors.parse(await response.json()).detail.map(({ loc }) => loc)).toContainEqual([
      "body",
      ...path,
    ]);
  });

  test("answers 503 with the reason when the stage is not loaded", async () => {
    const { post, hosts } = scripted();
    expect((await post({ input }, {}, "/grounding/predictions")).status).toBe(503);
    hosts.grounding.ready(new Error("a digest differs"));
    const response = await post({ input }, {}, "/grounding/predictions");
    expect([response.status, await response.json()]).toEqual([503, { detail: "a digest differs" }]);
  });
});

describe("Prefer: respond-async", () => {
  test("answers 202 at once, and calls the webhook at start, output and completion", async () => {
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
});

describe("PUT /{stage}/predictions/{id} and cancel", () => {
  test("answers 200 under the chosen id, and 422 when the body names another", async () => {
    const { post } = scripted();
    expect(await (await post({ input }, {}, "/mner/predictions/mine", "PUT")).json()).toMatchObject({
      id: "mine",
      status: "succeeded",
    });
    expect((await post({ id: "other", input }, {}, "/mner/predictions/mine", "PUT")).status).toBe(422);
  });

  test("answers 202 with the prediction when it is running already, and does not run it again", async () => {
    const { run, begun, release } = held();
    const { post } = scripted(run);
    const first = post({ input }, {}, "/mner/predictions/mine", "PUT");
    await begun;
    const again = await post({ input }, {}, "/mner/predictions/mine", "PUT");
    expect([again.status, await again.json()]).toEqual([202, { id: "mine", status: "processing" }]);
    release();
    expect((await first).status).toBe(200);
  });

  test("answers 404 when a result is fetched by GET", async () => {
    expect((await scripted().app.request("/mner/predictions/mine")).status).toBe(404);
  });
});

describe("health-check and openapi.json", () => {
  test("health-check answers 200 with STARTING, READY, BUSY or SETUP_FAILED", async () => {
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

  test.each(FUNCTION_STAGES)("openapi.json has input and output of the stage %s", async (stage) => {
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
});
