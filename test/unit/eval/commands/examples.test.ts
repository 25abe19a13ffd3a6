import { afterEach, describe, expect, it, vi } from "vitest";
import { evaluateExamples } from "../../../../eval/commands/examples.ts";

describe("evaluateExamples", () => {
  const stderr = vi.spyOn(console, "error").mockReturnValue();
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
    vi.clearAllMocks();
  });

  it("returns 2 when no stack is named", async () => {
    vi.stubEnv("NAMESIGHT_URL", "");
    expect(await evaluateExamples([])).toBe(2);
    expect(stderr).toHaveBeenCalledWith(expect.stringContaining("NAMESIGHT_URL and FUNCTIONS_URL are not set"));
  });

  it("returns 2 and prints the usage when it is given an operand", async () => {
    expect(await evaluateExamples(["astronaut"])).toBe(2);
    expect(stderr).toHaveBeenCalledWith(expect.stringContaining("usage: npm run eval -- examples"));
  });

  it("throws the status and the answer when the Worker refuses a post", async () => {
    vi.stubEnv("NAMESIGHT_URL", "http://worker.test");
    vi.stubEnv("FUNCTIONS_URL", "http://functions.test");
    vi.stubGlobal("fetch", async () => new Response("not configured", { status: 500 }));
    await expect(evaluateExamples([])).rejects.toThrow("http://worker.test/v1/recognize answered 500: not configured");
  });
});
