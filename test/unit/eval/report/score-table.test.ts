import { describe, expect, it } from "vitest";
import { scoreTable } from "../../../../eval/report/score-table.ts";
import type { ScoreReport } from "../../../../eval/scorers/score-report.ts";

const ratios = { right: 1, predicted: 2, gold: 3, precision: 1 / 2, recall: 1 / 3, f1: 2 / 5 };
const coverage = { posts: 3, answered: 1, failed: ["4"], missing: ["5"], not_in_gold: [] };
const REPORT: ScoreReport = {
  gold: { format: "gmner", posts: 3, entities: 3 },
  predictions: { format: "posts", posts: 2, entities: 2 },
  protocols: {
    riveg: { gmner: ratios },
    "h-index": { gmner: null },
    "mask-any": { smner: { ...ratios, precision: null, mean_iou: 0.75 } },
  },
  reasons: { "h-index": { gmner: "needs the candidates" }, "mask-any": { smner: "nothing was predicted" } },
  intervals: { riveg: { gmner: { low: 0.3, high: 0.5, level: 0.95, resamples: 10 } } },
  by_type: { riveg: { gmner: { PER: ratios } }, "per-box": { gmner: { LOC: ratios } } },
  comparison: null,
  confusion: { PER: { ORG: 7, none: 2 }, none: { PER: 1 } },
  coverage,
  rates: {
    grounded_although_absent: { count: 1, of: 4, rate: 0.25 },
    named_although_only_in_picture: { rate: null, reason: "no text" },
  },
  error_budget: [
    {
      protocol: "riveg",
      task: "gmner",
      rows: [
        { oracle: "none", f1: 0.5 },
        { oracle: "grounding", f1: 0.6 },
      ],
      costs: { grounding: 0.1 },
    },
  ],
  notes: ["something to know"],
};

describe("scoreTable", () => {
  const table = scoreTable(REPORT);

  it.each([
    ["the coverage", /^answered: 1 of 3 posts; 1 failed \(4\); 1 missing \(5\)$/m],
    ["scores in percent with interval and counts", /^riveg gmner +50\.00 +33\.33 +40\.00 +30\.00 +50\.00 +1 +2 +3$/m],
    ["the reason in place of a score", /^h-index gmner +– needs the candidates$/m],
    [
      "a dash for a ratio of nothing, the mean IoU and the reason",
      /^mask-any smner +– .* mean IoU 75\.00 +\(nothing was/m,
    ],
    ["the confusion of types", /^ {2}PER +7 +0 +2$/m],
    ["what a perfect stage adds", /^ {2}with perfect grounding +60\.00 +\+10\.00$/m],
    ["a rate with its counts", /^grounded although absent: 25\.00 % \(1 of 4 entities\)$/m],
    ["the reason in place of a rate", /^named although only in the picture: – no text$/m],
    ["notes", /^note: something to know$/m],
  ])("has %s", (_, line) => {
    expect(table).toMatch(line);
  });

  it("has each task by type for the first protocol alone", () => {
    expect(table).toMatch(/^ {2}PER +50\.00/m);
    expect(table).not.toMatch(/^ {2}LOC/m);
  });

  it("has a second system's scores, the difference and its p beside the first's", () => {
    const compared = scoreTable({
      ...REPORT,
      comparison: {
        coverage,
        protocols: { riveg: { gmner: { ...ratios, f1: 0.6 } } },
        differences: { riveg: { gmner: { difference: 0.2, p: 0.0123, trials: 100 } } },
      },
    });
    expect(compared).toMatch(/^riveg gmner +40\.00 +60\.00 +20\.00 +0\.012$/m);
  });
});
