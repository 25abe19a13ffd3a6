import { afterEach, describe, expect, it, vi } from "vitest";
import { postJson, predictStage } from "../../../../eval/readers/post-json.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("postJson", () => {
  it("throws the status and the first 500 characters when the answer is no 2xx", async () => {
    vi.stubGlobal("fetch", async () => new Response("x".repeat(600), { status: 503 }));
    await expect(postJson("http://a.test/b", {})).rejects.toThrow(`http://a.test/b answered 503: ${"x".repeat(500)}`);
  });
});

describe("predictStage", () => {
  const answer = (fields: object) => async () =>
    Response.json({ id: "1", status: "succeeded", output: null, error: null, logs: "", metrics: {}, ...fields });

  it("gives the output when the prediction succeeded", async () => {
    vi.stubGlobal("fetch", answer({ output: { model: "m" } }));
    expect(await predictStage("http://a.test", "mner", {})).toEqual({ model: "m" });
  });

  it("throws the stage's error when the prediction failed", async () => {
    vi.stubGlobal("fetch", answer({ status: "failed", error: "out of memory" }));
    await expect(predictStage("http://a.test", "mner", {})).rejects.toThrow("the mner stage failed: out of memory");
  });
});
