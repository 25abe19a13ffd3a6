import { describe, expect, test } from "vitest";
import { FUNCTION_STAGES } from "../../../functions/stage-function.ts";
import { scripted } from "./scripted-host.ts";

describe("createFunctionsApp", () => {
  test("answers 413 when the body exceeds the limit", async () => {
    expect((await scripted().post({ input: { text: "x".repeat(25 * 1024 * 1024) } })).status).toBe(413);
  });

  test("answers 503 at /health until every stage is ready", async () => {
    const { app, hosts } = scripted();
    expect((await app.request("/health")).status).toBe(503);
    const { stage } = hosts.mner;
    if (!stage) throw new Error("mner is ready in this test");
    for (const name of FUNCTION_STAGES) hosts[name].ready(stage);
    expect((await app.request("/health")).status).toBe(200);
  });

  test("answers 404 when the address is unknown", async () => {
    const response = await scripted().app.request("/nothing");
    expect([response.status, await response.json()]).toEqual([404, { detail: "Not Found" }]);
  });

  test("names each stage's state and set-up error at /health", async () => {
    const { app, hosts } = scripted();
    hosts.grounding.ready(new Error("a digest differs"));
    const { stages } = (await (await app.request("/health")).json()) as { stages: unknown[] };
    expect(stages).toContainEqual({ stage: "mner", status: "READY", error: null });
    expect(stages).toContainEqual({ stage: "grounding", status: "SETUP_FAILED", error: "a digest differs" });
    expect(stages).toHaveLength(FUNCTION_STAGES.length);
  });
});
