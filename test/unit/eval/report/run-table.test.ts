import { expect, test } from "vitest";
import { runTable } from "../../../../eval/report/run-table.ts";

const MODEL = { stage: "mner", provider: "cog", model: "small", version: "1", posts: 28, cached: 0 };
const MANIFEST = {
  dataset: { file: "dev.txt", sha256: "ab", format: "conll" },
  options: {},
  posts: { asked: 30, answered: 30, partial: 0, failed: 0, missing: 0 },
  without_picture: [],
  problems: [],
  models: [MODEL],
  cost_usd: "0.03",
};

test("is short when every post has an answer", () => {
  expect(runTable(MANIFEST)).toBe(
    [
      "posts                           30",
      "  answered                      30",
      "  failed                         0",
      "mner: small (cog, version 1) in 28",
      "cost: USD 0.03",
    ].join("\n"),
  );
});

test("names what would lower a score: answers in part, failed posts, posts without a result or without a picture", () => {
  const problem = { code: "stage_failed", posts: 2, example: "475049" };
  const table = runTable({
    ...MANIFEST,
    posts: { asked: 30, answered: 27, partial: 2, failed: 1, missing: 2 },
    without_picture: Array.from({ length: 22 }, (_, index) => String(index + 1)),
    problems: [
      { ...problem, outcome: "failed", code: "canceled", stage: null, posts: 1 },
      { ...problem, outcome: "partial", stage: "grounding" },
      { ...problem, outcome: "answered", stage: "expansion" },
    ],
    models: [
      { ...MODEL, cached: 3 },
      { ...MODEL, stage: "grounding", version: null },
    ],
  });
  const numbers = Array.from({ length: 20 }, (_, index) => index + 1).join(" ");
  expect(table).toBe(
    [
      "posts                           30",
      "  answered                      27",
      "    of these in part             2",
      "  failed                         1",
      "  without a result               2",
      `without a picture               22  ${numbers} and 2 more`,
      "failed: canceled in 1, such as post 475049",
      "answered in part: stage_failed (grounding) in 2, such as post 475049",
      "answered: stage_failed (expansion) in 2, such as post 475049",
      "mner: small (cog, version 1) in 28, 3 from the cache",
      "grounding: small (cog, never answered) in 28",
      "cost: USD 0.03",
    ].join("\n"),
  );
});
