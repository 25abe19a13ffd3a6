import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { evaluateExamples } from "../../../../eval/commands/examples.ts";
import { readRecord } from "../../../../eval/readers/answers.ts";

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

  it("returns 2 when there is no such set", async () => {
    expect(await evaluateExamples(["--set", "closed"])).toBe(2);
    expect(stderr).toHaveBeenCalledWith(expect.stringContaining("there is no set closed"));
  });

  it("writes pictures and answers, and prints the score of the one set that was asked for", async () => {
    const folder = mkdtempSync(join(tmpdir(), "namesight-eval-"));
    const record = join(folder, "record.jsonl");
    vi.stubEnv("NAMESIGHT_URL", "http://worker.test");
    vi.stubEnv("FUNCTIONS_URL", "http://functions.test");
    vi.stubGlobal("fetch", async (url: string) =>
      url.startsWith("http://worker.test")
        ? Response.json({ entities: [] })
        : Response.json({ status: "succeeded", output: { model: "m", version: "1", groundings: [] } }),
    );
    const stdout = vi.spyOn(console, "log").mockReturnValue();
    try {
      expect(await evaluateExamples(["--set", "open", "--pictures", folder, "--record", record, "--json"])).toBe(0);
      const report = JSON.parse(String(stdout.mock.calls[0]?.[0]));
      expect(Object.keys(report)).toEqual(["open"]);
      expect(report.open.systems.ours).toMatchObject({ found: 0 });
      // Nothing was recorded to compare with.
      expect(report.open.systems).not.toHaveProperty("before");
      const written = readRecord(readFileSync(record, "utf8"));
      expect(written.length).toBe(report.open.posts);
      expect(readdirSync(folder).length).toBe(report.open.posts + 1);
    } finally {
      stdout.mockRestore();
      rmSync(folder, { recursive: true });
    }
  }, 60_000);

  it("throws the status and the answer when the Worker refuses a post", async () => {
    vi.stubEnv("NAMESIGHT_URL", "http://worker.test");
    vi.stubEnv("FUNCTIONS_URL", "http://functions.test");
    vi.stubGlobal("fetch", async () => new Response("not configured", { status: 500 }));
    await expect(evaluateExamples([])).rejects.toThrow("http://worker.test/v1/recognize answered 500: not configured");
  });
});
