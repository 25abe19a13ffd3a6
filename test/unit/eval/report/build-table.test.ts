import { describe, expect, it } from "vitest";
import { buildTable } from "../../../../eval/report/build-table.ts";
import type { EntitySetReport } from "../../../../eval/training-sets/build-entity-set.ts";

const VE: EntitySetReport = {
  task: "ve",
  gold: { kind: "gmner", posts: 7_000, positive: 4_733, negative: 7_046 },
  entities: { positive: 4_700, negative: 7_000 },
  several_boxes: null,
  entities_by_phrasings: { 0: 1, 5: 11_699 },
  rows: { total: 58_000, positive: 23_000, negative: 35_000 },
  template_rows: 2,
  rows_without_caption: 3,
  pictures: { rows_left_out: 4, missing: ["7", "8"], broken: [], turned: ["9"], too_small: [] },
  notes: ["a note"],
};

describe("buildTable", () => {
  it("has the counts before and after repeated entities are made one, and lists posts", () => {
    expect(buildTable(VE)).toBe(
      `training set                                              ve
format                                                 gmner
posts                                                  7,000
entities                                              11,779
  positive: with a box                                 4,733
  negative: without                                    7,046
  repeated: name and type of another in the post          79
entities without the repeated                         11,700
  positive                                             4,700
  negative                                             7,000
entities with their name alone                             1
entities with 5 phrasings                             11,699
rows                                                  58,000
  positive: entailment                                23,000
  negative: contradiction                             35,000
  with an expansion by a template, no model's              2
  without a caption                                        3
rows left out: picture missing or broken                   4
posts whose picture is missing: 2: 7 8
pictures that were turned upright: 1: 9
a note`,
    );
  });

  it("has the entities with several boxes for visual grounding, and no labels", () => {
    const { pictures: _, ...rest } = VE;
    const several_boxes = { rule: "each", entities: 800 } as const;
    const table = buildTable({ ...rest, task: "vg", pictures: null, rows_without_caption: null, several_boxes });
    expect(table).toMatch(/^ {2}with several boxes +800$/m);
    expect(table).not.toMatch(/entailment|caption|picture/);
  });

  it("has the copies of posts for mention recognition, and lists no more than 20 posts", () => {
    const empty = Array.from({ length: 21 }, (_, index) => `${index}`);
    const table = buildTable({
      task: "mner",
      gold: { kind: "conll", posts: 100, entities: 150 },
      posts_by_knowledge: { 0: 2, 5: 98 },
      rows: 492,
      left_out: { empty, failed: [] },
      notes: [],
    });
    expect(table).toMatch(/^posts without knowledge +2\nposts with 5 texts of knowledge +98\nrows +492$/m);
    expect(table).toMatch(/^posts left out, without a token: 21: 0 1 .* 19 and 1 more \(--json lists all\)$/m);
  });
});
