import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { evaluateMner } from "../../../../eval/commands/mner.ts";

const folder = mkdtempSync(join(tmpdir(), "namesight-eval-"));
const file = join(folder, "posts.conll");
writeFileSync(file, "Ted\tB-PER\nCruz\tI-PER\n\n@ESA\tB-ORG\n");
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A tagger that finds "Ted Cruz" alone, behind an API that finds one name in any text. */
async function fakeStack(url: string, init: { body: string }): Promise<Response> {
  if (url === "http://api.test/v1/mner") {
    const mention = { text: "Ted", start: 0, end: 3, tokens: null, type: "PER", coarse_type: null, score: 1 };
    return Response.json({
      id: "1",
      offset_encoding: "utf-16",
      partial: false,
      problems: [],
      stages: [],
      charge: null,
      mentions: [mention],
    });
  }
  const { input } = JSON.parse(init.body) as { input: { tokens?: string[] } };
  const mentions = input.tokens?.[0] === "Ted" ? [{ text: "Ted Cruz", start: 0, end: 8, type: "PER", score: 1 }] : [];
  const output = { model: "fake", version: "1", mentions, problems: [] };
  return Response.json({ id: "1", status: "succeeded", output, error: null, logs: "", metrics: {} });
}

describe("evaluateMner", () => {
  const stdout = vi.spyOn(console, "log").mockReturnValue();
  const stderr = vi.spyOn(console, "error").mockReturnValue();
  beforeAll(() => {
    vi.stubEnv("FUNCTIONS_URL", "http://functions.test");
    vi.stubEnv("NAMESIGHT_URL", "http://api.test");
  });
  afterEach(() => {
    vi.clearAllMocks();
    vi.unstubAllGlobals();
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it("prints the scores over tokens, without handles and over plain text", async () => {
    vi.stubGlobal("fetch", fakeStack);
    expect(await evaluateMner([file, "--json"])).toBe(0);
    expect(JSON.parse(String(stdout.mock.calls[0]?.[0]))).toMatchObject({
      sentences: 2,
      precision: 100,
      recall: 50,
      tokens_without_handles: { recall: 100 },
      text: { recall: 0 },
      handles: { gold: 1, found_in_tokens: 0, found_in_text: 0 },
    });
  });

  it("scores the posts of a .jsonl file as they are, by kind", async () => {
    vi.stubGlobal("fetch", fakeStack);
    const posts = join(folder, "posts.jsonl");
    const entities = [{ text: "Ted", type: "PER", start: 0, end: 3 }];
    writeFileSync(posts, `${JSON.stringify({ id: "1", kind: "plain", text: "Ted!", entities })}\n`);
    expect(await evaluateMner([posts, "--json"])).toBe(0);
    expect(JSON.parse(String(stdout.mock.calls[0]?.[0]))).toMatchObject({
      posts: 1,
      f1: 100,
      by_kind: { plain: { right: 1 } },
    });
  });

  it("throws what the stage says when a prediction fails", async () => {
    const failed = { id: "1", status: "failed", output: null, error: "out of memory", logs: "", metrics: {} };
    vi.stubGlobal("fetch", async () => Response.json(failed));
    await expect(evaluateMner([file])).rejects.toThrow("the mner stage failed: out of memory");
  });

  it("returns 1 and names the file when it cannot be read", async () => {
    const broken = join(folder, "broken.conll");
    writeFileSync(broken, "no label\n");
    for (const file of [join(folder, "missing.conll"), broken]) {
      expect(await evaluateMner([file])).toBe(1);
      expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining(file));
    }
  });

  it("returns 2 when there is no functions host", async () => {
    vi.stubEnv("FUNCTIONS_URL", "");
    expect(await evaluateMner([file])).toBe(2);
    expect(stderr).toHaveBeenCalledWith(expect.stringContaining("FUNCTIONS_URL are not set"));
  });
});
