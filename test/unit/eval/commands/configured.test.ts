import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { outcomeOf, printAnswers, readSentences } from "../../../../eval/commands/configured.ts";

const folder = mkdtempSync(join(tmpdir(), "namesight-eval-"));
const file = join(folder, "posts.conll");
writeFileSync(file, "Ted\tB-PER\nCruz\tI-PER\n\nHouston\tB-LOC\n\nHouston\tB-LOC\n");
const stdout = vi.spyOn(console, "log").mockReturnValue();
afterEach(() => {
  vi.clearAllMocks();
  vi.unstubAllGlobals();
});
afterAll(() => rmSync(folder, { recursive: true }));

test("reads each text once, scores spans, and adds up entities", async () => {
  const sentences = await readSentences(file);
  expect(sentences.map(({ tokens }) => tokens.join(" "))).toEqual(["Ted Cruz", "Houston"]);
  const answers = [
    { spans: [{ type: "PER", start: 0, end: 2 }], entities: 1, expressions: 1 },
    { spans: [{ type: "ORG", start: 0, end: 1 }], entities: 1, expressions: 0 },
  ];
  expect(outcomeOf(sentences, answers)).toMatchObject({ f1: 50, sentences: 2, entities: 2, expressions: 1 });
  await expect(readSentences(join(folder, "none"))).rejects.toThrow(/none: ENOENT/);
});

test("prints what a running stack answers, as spans of the tokens", async () => {
  vi.stubEnv("NAMESIGHT_URL", "http://api.test");
  const asked: unknown[] = [];
  vi.stubGlobal("fetch", async (url: string, { body }: { body: string }) => {
    expect(url).toBe("http://api.test/v1/recognize");
    const request = JSON.parse(body) as { tokens: string[] };
    asked.push(request);
    const text = request.tokens.join(" ");
    const mention = { start: 0, end: text.length, tokens: null, text, score: null };
    const entity = {
      ...{ id: "e1", text, type: "PER", coarse_type: null, score: null, mentions: [mention], expression: null },
      ...{
        visible: null,
        visibility: { score: null, method: null, calibrated: false, evidence: null, reason: "no_image" },
        regions: [],
      },
    };
    const envelope = {
      id: "1",
      partial: false,
      offset_encoding: "utf-16",
      image: null,
      problems: [],
      stages: [],
      charge: null,
    };
    return Response.json({ ...envelope, entities: [entity], overlay_url: null });
  });
  expect(await printAnswers([file, "mner"])).toBe(0);
  vi.unstubAllEnvs();
  expect(JSON.parse(String(stdout.mock.calls[0]?.[0]))).toEqual([
    { spans: [{ type: "PER", start: 0, end: 2 }], entities: 1, expressions: 0 },
    { spans: [{ type: "PER", start: 0, end: 1 }], entities: 1, expressions: 0 },
  ]);
  expect(asked).toMatchObject([{ task: "mner", store: false }, { task: "mner" }]);
});
