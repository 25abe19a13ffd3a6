import { describe, expect, test } from "vitest";
import { FUNCTION_STAGES } from "../../../functions/stage-function.ts";
import { HealthCheck, Prediction, ValidationErrors } from "../../../schemas/cog.ts";
import { held, input, nothingFound, scripted, WEBHOOK } from "./scripted-host.ts";

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
    ["an id of 101 characters", { id: "x".repeat(101), input }, ["id"]],
    ["a webhook that the operator did not name", { input, webhook: "http://169.254.169.254/" }, ["webhook"]],
    ["a webhook of more than 2,000 characters", { input, webhook: `${WEBHOOK}?${"x".repeat(2_000)}` }, ["webhook"]],
    ["five events", { input, webhook_events_filter: Array(5).fill("start") }, ["webhook_events_filter"]],
    ["100,000 values", { input: { ...input, more: Array(100_000).fill(0) } }, []],
    ["33 levels", `{"input":{"text":"x","more":${"[".repeat(33)}${"]".repeat(33)}}}`, []],
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

  test("answers 503 and when to come again while the weights load", async () => {
    const response = await scripted().post({ input }, {}, "/grounding/predictions");
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "3"]);
  });

  test("answers 503 with the reason when the stage is not loaded", async () => {
    const { post, hosts } = scripted();
    hosts.grounding.ready(new Error("a digest differs"));
    const response = await post({ input }, {}, "/grounding/predictions");
    expect([response.status, await response.json()]).toEqual([503, { detail: "a digest differs" }]);
    expect(response.headers.has("retry-after")).toBe(false);
  });
});

describe("Prefer: respond-async", () => {
  test("answers 202 at once, and calls the webhook at start, output and completion", async () => {
    const { run, begun, release } = held();
    const { post, deliveries } = scripted(run);
    const response = await post({ id: "a", input, webhook: WEBHOOK }, { prefer: "respond-async" });
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
    expect((await post({ input }, {}, `/mner/predictions/${"x".repeat(101)}`, "PUT")).status).toBe(422);
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

describe("X-Admission", () => {
  const elsewhere = { picture: false, deadline_ms: 30_000 };

  test("takes every prediction of an admitted post when others are refused with 409", async () => {
    const { post, admission } = scripted();
    admission.admit("mine", elsewhere);
    for (let full = 0; full < 359; full++) admission.admit(`p${full}`, elsewhere);
    const refused = await post({ input });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([409, "1"]);
    for (const id of ["mine", "unknown-here"])
      expect((await post({ input }, { "x-admission": id })).status, id).toBe(200);
  });

  test("counts a prediction without it as a post, and forgets that post when it ends", async () => {
    const { run, begun, release } = held();
    const { post, admission } = scripted(run);
    const first = post({ input });
    await begun;
    expect(admission.state.text.active).toBe(1);
    release();
    await first;
    expect(admission.state.text.active).toBe(0);
  });

  test("answers 422 when it is no id", async () => {
    expect((await scripted().post({ input }, { "x-admission": "a b" })).status).toBe(422);
  });
});
