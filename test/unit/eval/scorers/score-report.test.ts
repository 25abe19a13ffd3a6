import { describe, expect, it } from "vitest";
import type { EvaluatedFile } from "../../../../eval/readers/evaluated-file.ts";
import { pairPosts } from "../../../../eval/scorers/pair-posts.ts";
import { PROTOCOLS } from "../../../../eval/scorers/protocols/index.ts";
import { TASKS } from "../../../../eval/scorers/protocols/protocol.ts";
import { scoreSeries } from "../../../../eval/scorers/score-pairs.ts";
import { type Scored, scoreReport } from "../../../../eval/scorers/score-report.ts";
import type { EvaluatedPost } from "../../../../schemas/evaluation.ts";
import { rleOfPolygons } from "../../../../schemas/polygon.ts";
import { entity, post } from "../../../support/evaluated-posts.ts";

const file = (posts: EvaluatedPost[], missing = {}): EvaluatedFile => ({ kind: "posts", posts, notes: [], missing });
function scored(gold: EvaluatedFile, predictions: EvaluatedFile): Scored {
  const options = { maskIou: 0.5, candidates: null };
  const pairing = pairPosts(gold, predictions);
  const request = { gold, predictions, pairing, protocols: PROTOCOLS, tasks: TASKS, options };
  return { request, series: scoreSeries(request) };
}
const shown = (right: number) =>
  entity("PER", 0, 1, [[0, 0, right, 4]], {
    masks: [rleOfPolygons({ size: [4, 20], polygons: [[[0, 0, right, 0, right, 4, 0, 4]]] })],
  });

describe("scoreReport", () => {
  it("has masks with their mean IoU, and a budget of both chains", () => {
    const report = scoreReport(scored(file([post(shown(10))]), file([post(shown(8))])), null, 0);
    expect(report.protocols["mask-any"]?.smner).toMatchObject({ right: 1, f1: 1, mean_iou: 0.8 });
    expect(report.error_budget.map(({ protocol, task }) => [protocol, task])).toEqual([
      ["definition", "gmner"],
      ["mask-any", "smner"],
    ]);
    expect(report.intervals.definition?.gmner).toBeNull();
  });

  it("says why a ratio is null", () => {
    const report = scoreReport(scored(file([post(shown(10))]), file([post()])), null, 0);
    expect(report.protocols.definition?.mner).toMatchObject({ precision: null, recall: 0, f1: 0 });
    expect(report.reasons.definition?.mner).toBe("nothing was predicted");
    const nothing = scoreReport(scored(file([post()]), file([post()])), null, 0);
    expect(nothing.reasons.seqeval?.mner).toBe("nothing was predicted and gold has no entity");
  });

  it("has no types for EEG", () => {
    const { by_type } = scoreReport(scored(file([post(shown(10))]), file([post(shown(8))])), null, 0);
    expect(Object.keys(by_type.definition ?? {})).toEqual(["gmner", "mner"]);
  });

  it("compares two systems by what both were scored by", () => {
    const gold = file([post(shown(10))]);
    const second = scored(gold, file([post(shown(2))], { offsets: "no offsets" }));
    const { comparison } = scoreReport(scored(gold, file([post(shown(8))])), second, 20);
    expect(Object.keys(comparison?.differences ?? {})).toEqual(["riveg", "per-box"]);
    expect(comparison?.differences.riveg?.gmner).toMatchObject({ difference: -1, trials: 20 });
    expect(comparison?.protocols.definition?.gmner).toBeNull();
  });
});
