import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { calibrateModel } from "../../../../eval/commands/calibrate.ts";
import { readCalibrations } from "../../../../src/stages/adapters/calibrate.ts";
import { folderOf, vocXml } from "../../../support/evaluation-files.ts";

const ENTRY = "openai/gpt-4.1-mini#yes-no-1";
const POSTS = 40;

/** Of every four posts, what the model said, and whether the picture shows the person. */
const SAID = [
  [0.9, true],
  [0.8, false],
  [0.6, true],
  [0.3, false],
] as const;
const at = (index: number) => SAID[index % SAID.length] ?? SAID[0];

interface Judgement {
  readonly score: number | null;
  readonly calibrated: boolean;
  readonly method: string;
}
/** An answer that found the person of a post, named twice, and a place that gold does not have. */
function answerOf(index: number, change: Partial<Judgement> = {}, model = "gpt-4.1-mini"): object {
  const mention = (start: number, end: number, token: number) => ({
    start,
    end,
    tokens: { start: token, end: token + 1 },
    score: null,
  });
  const visibility = { score: at(index)[0], method: "vlm-logprobs", calibrated: false, ...change };
  const entity = { visible: null, regions: [], visibility };
  return {
    id: `req_01JD${String(index).padStart(22, "0")}`,
    offset_encoding: "utf-16",
    entities: [
      { ...entity, text: "Ted", type: "PER", mentions: [mention(0, 3, 0), mention(8, 11, 2)] },
      { ...entity, text: "met", type: "LOC", mentions: [mention(4, 7, 1)] },
    ],
    stages: [{ stage: "entailment", model, version: "2026-04-14", provider: "openai" }],
  };
}
/** What an answer records of a model that failed. */
const UNANSWERED = { stage: "entailment", model: "openai/gpt-4.1-mini", version: null, provider: "openai" };
const resultOf = (index: number, answer: object | null) =>
  JSON.stringify({ id: String(index), line: index + 1, state: answer ? "succeeded" : "failed", answer });
const linesOf = (line: (index: number) => string) =>
  Array.from({ length: POSTS }, (_, index) => line(index)).join("\n");
const FILES = {
  "set/dev.txt": `${linesOf((index) => `IMGID:${index}\nTed\tB-PER\nmet\tO\nTed\tB-PER\n`)}\n`,
  ...Object.fromEntries(
    Array.from({ length: POSTS }, (_, index) => index)
      .filter((index) => at(index)[1])
      .map((index) => [`set/xml/${index}.xml`, vocXml([["Ted", [0, 0, 9, 9]]])]),
  ),
  "bare/dev.txt": "IMGID:0\nTed\tB-PER\n",
  "results.jsonl": linesOf((index) => resultOf(index, answerOf(index))),
  "answers.jsonl": linesOf((index) => JSON.stringify(answerOf(index))),
  "no-score.jsonl": linesOf((index) => resultOf(index, index < 4 ? answerOf(index, { score: null }) : answerOf(index))),
  "failed.jsonl": linesOf((index) => resultOf(index, index < 4 ? null : answerOf(index))),
  "wrong.jsonl": linesOf((index) => resultOf(index, answerOf(index, { score: at(index)[1] ? 0.1 : 0.9 }))),
  "calibrated.jsonl": linesOf((index) => resultOf(index, answerOf(index, { calibrated: index === 7 }))),
  "methods.jsonl": linesOf((index) => resultOf(index, answerOf(index, { method: index === 7 ? "ofa-ve" : "vlm" }))),
  "equal.jsonl": linesOf((index) => resultOf(index, answerOf(index, { score: 0.9 }))),
  "unanswered.jsonl": linesOf((index) =>
    resultOf(index, index < 4 ? { ...answerOf(index, { score: null }), stages: [UNANSWERED] } : answerOf(index)),
  ),
  "bare.jsonl": linesOf((index) => resultOf(index, answerOf(index, { score: null }))),
  "models.jsonl": linesOf((index) => resultOf(index, answerOf(index, {}, index === 7 ? "other" : "gpt-4.1-mini"))),
};

describe("calibrateModel", () => {
  const stdout = vi.spyOn(console, "log").mockReturnValue();
  const stderr = vi.spyOn(console, "error").mockReturnValue();
  afterEach(() => {
    vi.clearAllMocks();
  });
  const calibrate = async (folder: string, answers: string, ...rest: string[]) => {
    const files = ["--gold", join(folder, "set/dev.txt"), "--answers", join(folder, answers), "--entry", ENTRY];
    const status = await calibrateModel([...files, ...rest]);
    const [printed, fault] = [stdout, stderr].map((mock) => String(mock.mock.calls.at(-1)?.[0]));
    return { status, printed: printed ?? "", fault: fault ?? "" };
  };

  it.each(["results.jsonl", "answers.jsonl"])("prints a line that the Worker reads, from %s", async (file) => {
    const { status, printed } = await calibrate(folderOf(FILES), file);
    expect(status).toBe(0);
    expect(printed).toContain("40 entities of gold have a probability; the picture shows 20 of them.");
    expect(printed).toContain("0 have none, and 40 predicted entities are not in gold");
    expect(printed).toContain("40 samples are few");
    const [, json = ""] = /^CALIBRATION = '(.*)'$/m.exec(printed) ?? [];
    const constants = readCalibrations(json)?.get(ENTRY);
    expect(constants?.slope).toBeGreaterThan(0);
  });

  it("prints what was fitted as JSON, and draws the curve", async () => {
    const folder = folderOf(FILES);
    const { printed } = await calibrate(folder, "results.jsonl", "--json", "--svg", join(folder, "curve.svg"));
    const report = JSON.parse(printed);
    // |0.9 - 1|, |0.8 - 0|, |0.6 - 1| and |0.3 - 0|, each a quarter.
    expect(report.before.ece).toBeCloseTo(0.4, 10);
    expect(report.before.brier).toBeCloseTo((0.01 + 0.64 + 0.16 + 0.09) / 4, 10);
    expect(report.after.brier).toBeLessThan(0.25);
    expect(report).toMatchObject({ samples: 40, visible: 20, without_score: 0, not_in_gold: 40 });
    const svg = readFileSync(join(folder, "curve.svg"), "utf8");
    expect(svg).toContain("before: ECE 0.400");
    expect(svg.match(/<circle/g)?.length).toBeGreaterThan(4);
  });

  it("counts what has no probability, and leaves failed posts out", async () => {
    expect((await calibrate(folderOf(FILES), "no-score.jsonl")).printed).toMatch(/^36 entities .* 18 .*\n4 have none/);
    expect((await calibrate(folderOf(FILES), "failed.jsonl")).printed).toMatch(/^36 entities .* 18 .*\n0 have none/);
  });

  it("prints no line where a higher score means that less is visible", async () => {
    const { status, printed } = await calibrate(folderOf(FILES), "wrong.jsonl");
    expect(status).toBe(0);
    expect(printed).toContain("a higher score does not mean visible here");
    expect(printed).not.toContain("CALIBRATION =");
  });

  it("prints no line where all scores are equal, and says so", async () => {
    const { status, printed } = await calibrate(folderOf(FILES), "equal.jsonl");
    expect(status).toBe(0);
    expect(printed).toContain("All scores are equal, so that no slope can be fitted. There is no CALIBRATION to set.");
    expect(printed).not.toContain("CALIBRATION =");
  });

  it("fits the scores of the model that answered when it failed for some posts", async () => {
    const { status, printed } = await calibrate(folderOf(FILES), "unanswered.jsonl");
    expect([status, printed]).toEqual([0, expect.stringMatching(/^36 entities .* 18 .*\n4 have none/)]);
    expect(printed).toContain("openai/gpt-4.1-mini 2026-04-14 judged them");
  });

  it.each(["answers.jsonl", "set/dev.txt"])("refuses to draw the curve over %s", async (file) => {
    const folder = folderOf(FILES);
    const before = readFileSync(join(folder, file), "utf8");
    const { status, fault } = await calibrate(folder, "answers.jsonl", "--svg", join(folder, "set/..", file));
    expect([status, fault]).toEqual([2, expect.stringContaining("cannot be written: it is another file of the same")]);
    expect(readFileSync(join(folder, file), "utf8")).toBe(before);
  });

  it.each([
    ["calibrated.jsonl", "scores are calibrated already"],
    ["methods.jsonl", "scores were computed in several ways: vlm, ofa-ve"],
    ["models.jsonl", "several models judged the posts"],
    ["bare.jsonl", "no entity of gold has a probability: 40 have none, and 40 predicted entities are not in gold"],
    ["set/dev.txt", "set/dev.txt: "],
    ["nothing.jsonl", "nothing.jsonl"],
  ])("refuses %s with the reason", async (file, reason) => {
    const { status, fault } = await calibrate(folderOf(FILES), file);
    expect([status, fault]).toEqual([1, expect.stringContaining(reason)]);
  });

  it("refuses gold that does not say what the picture shows", async () => {
    const folder = folderOf(FILES);
    const { status, fault } = await calibrate(folder, "results.jsonl", "--gold", join(folder, "bare/dev.txt"));
    expect([status, fault]).toEqual([1, expect.stringContaining("has no boxes")]);
  });

  it.each([[["--entry", "gpt-4.1-mini"]], [["--entry", ""]], [["--unknown", "x"]]])(
    "exits with 2 when it is called with %j",
    async (wrong) => {
      const { status, fault } = await calibrate(folderOf(FILES), "results.jsonl", ...wrong);
      expect([status, fault]).toEqual([2, expect.stringContaining("usage: npm run eval -- calibrate")]);
    },
  );
});
