import { describe, expect, it } from "vitest";
import { readPostResults } from "../../../../eval/predict/post-results.ts";
import type { EvaluatedPost } from "../../../../schemas/evaluation.ts";

const MASK = { size: [2, 2], counts: "04" };
const POSTS: EvaluatedPost[] = [
  { id: "7", offset_unit: "token", tokens: ["@Ted", "Turner", "at", "ESA"], entities: [] },
  { id: "8", offset_unit: "token", tokens: ["quiet"], entities: [] },
  { id: "9", offset_unit: "token", tokens: ["a", "b"], entities: [] },
];
const MODEL = {
  stage: "mner",
  provider: "cog",
  model: "small",
  version: "1",
  attempts: 1,
  cached: false,
  ms: 3,
  cost_usd: "0",
};
const answerOf = (fields: object) => ({
  id: "req_01JD0000000000000000000000-1",
  partial: false,
  problems: [],
  stages: [MODEL],
  offset_encoding: "token",
  entities: [],
  charge: null,
  ...fields,
});
const ENTITY = {
  text: "Ted Turner",
  type: "PER",
  mentions: [{ start: 0, end: 2, tokens: { start: 0, end: 2 }, score: 0.9 }],
  visible: true,
  regions: [{ box: { xmin: 1, ymin: 2, xmax: 3.5, ymax: 4 }, mask: MASK }],
};
const result = (line: number, fields: object = {}) => {
  const state = { state: "succeeded", answer: answerOf({}), problem: null, cost_usd: "0.0015" };
  return { batch_id: "b", job_id: "j", id: "any", line, ...state, ...fields };
};
const linesOf = (...values: object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");

describe("readPostResults", () => {
  it("has the posts that ended in the order of the data set, with its ids, and the names as the posts write them", () => {
    const text = linesOf(result(3), result(1, { answer: answerOf({ entities: [ENTITY] }) }));
    const results = readPostResults(text, POSTS);
    expect(results.map(({ prediction }) => prediction)).toEqual([
      {
        id: "7",
        offset_unit: "token",
        entities: [{ text: "@Ted Turner", type: "PER", start: 0, end: 2, boxes: [[1, 2, 3.5, 4]], masks: [MASK] }],
      },
      { id: "9", offset_unit: "token", entities: [] },
    ]);
    expect(results[0]).toMatchObject({
      outcome: "answered",
      problems: [],
      models: [{ model: "small" }],
      cost: 1_500_000,
    });
  });

  it("has the problem of a post that failed as its error, and its state where it has none", () => {
    const problem = { code: "stage_failed", detail: "The mention recognition failed.", stage: "mner" };
    const failed = { state: "failed", answer: null, cost_usd: "0" };
    const [first, second] = readPostResults(
      linesOf(result(1, { ...failed, problem }), result(2, { ...failed, state: "expired" })),
      POSTS,
    );
    expect(first).toEqual({
      prediction: {
        id: "7",
        offset_unit: "token",
        entities: [],
        error: "stage_failed: The mention recognition failed.",
      },
      outcome: "failed",
      problems: [{ code: "stage_failed", stage: "mner" }],
      models: [],
      cost: 0,
    });
    expect(second).toMatchObject({ prediction: { error: "expired" }, problems: [{ code: "expired", stage: null }] });
  });

  it("tells an answer that lacks something from one with a notice", () => {
    const problems = [{ code: "stage_failed", stage: "grounding", detail: "…" }];
    const [first, second] = readPostResults(
      linesOf(
        result(1, { answer: answerOf({ partial: true, problems }) }),
        result(2, { answer: answerOf({ problems }) }),
      ),
      POSTS,
    );
    expect(first).toMatchObject({ outcome: "partial", problems: [{ code: "stage_failed", stage: "grounding" }] });
    expect(second?.outcome).toBe("answered");
  });

  it("leaves out a line that a killed process has cut off", () => {
    expect(readPostResults(`${linesOf(result(1))}{"line": 2, "st`, POSTS)).toHaveLength(1);
    expect(readPostResults('{"line": 2, "st', POSTS)).toEqual([]);
  });

  it.each([
    ["{", "line 2 is no result of a batch: SyntaxError"],
    [JSON.stringify({ ...result(2), cost_usd: undefined }), "line 2 is no result of a batch: Error: cost_usd: "],
    [JSON.stringify(result(4)), "line 2 is no result of a batch: Error: line: 4 is none of the 3 posts that were sent"],
    [JSON.stringify({ ...result(2), answer: {} }), "line 2 is no result of a batch: Error: answer.id: "],
  ])("says which line is no result: %s", (line, message) => {
    expect(() => readPostResults(`${linesOf(result(1))}${line}\n`, POSTS)).toThrow(message);
  });
});
