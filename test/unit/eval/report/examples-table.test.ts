import { describe, expect, it } from "vitest";
import { examplesTable } from "../../../../eval/report/examples-table.ts";
import type { SystemScore } from "../../../../eval/scorers/examples-score.ts";

const agreement = { gold: 3, answered: 2, iou: 0.5, placed: 0, placed_iou: null };
const SYSTEM: SystemScore = {
  found: 5,
  spurious: 1,
  visibility: {
    precision: 0.5,
    recall: 1,
    f1: 0.7804,
    right_boxes: 1,
    visible: 2,
    rightly_none: 3,
    invisible: 4,
    right_answers: 4,
    entities: 6,
    noes: { right_no: 3, wrong_no: 1, cannot_tell_visible: 7, cannot_tell_hidden: 9 },
  },
  probability: {
    brier: 0.125,
    entities: 5,
    bins: [
      { count: 2, mean: 0.1, visible: 0.5 },
      { count: 0, mean: null, visible: null },
    ],
  },
  links: {
    decided: { right: 2, total: 3 },
    undecided: { right: 0, total: 0 },
    by_basis: { guess: { right: 1, total: 2 } },
  },
  masks: {
    things: agreement,
    overlapping: agreement,
    prints: agreement,
    shared: { posts: 2, mean: 0.0512, shared: 10, union: 200 },
    rank: { correlation: null, masks: 1 },
    named: [{ mask: "masks/cat.json", iou: null, posts: 2, answered: 0 }],
  },
};
const REPORT = { posts: 3, systems: { ours: SYSTEM, always_no: { ...SYSTEM, masks: null } } };

describe("examplesTable", () => {
  const table = examplesTable({ open: REPORT, blind: null });

  it("has a part for each set that was asked for, and says where the file is missing", () => {
    expect(table).not.toContain("photos of examples/");
    expect(table).toContain("== composed pictures, open half ==\n3 posts, 6 gold entities");
    expect(table).toContain("== composed pictures, blind half ==\nnot there: the file is missing");
  });

  it("prints a row for each system that there is", () => {
    expect(table).toMatch(/^ours +5 +1 +50\.0 +100\.0 +78\.0 +0\.125 +1\/2 +3\/4 +4\/6$/m);
    expect(table).toMatch(/^always no +3 +1 +7 +9$/m);
    expect(table).toMatch(/^ours +2\/3 +- guess 1\/2$/m);
    expect(table).not.toContain("before");
  });

  it("prints bins and masks for systems that draw masks, and a dash for what there is none of", () => {
    expect(table).toMatch(/^ours +2: 0\.10 0\.50 +0: - -$/m);
    expect(table).toContain("own 0.500 (n = 3, 2 with a mask); with the thing that the box is on - (n = 0)");
    expect(table).toContain("shared pixels: 10 of 200; mean 5.12 % over the 2 posts");
    expect(table).toContain("rank correlation of mask_score with IoU: - (n = 1)");
    expect(table).toContain("masks/cat.json: IoU -, mean over the 0 of 2 posts that led to a mask");
    expect(table).not.toContain("masks, always no");
  });
});
