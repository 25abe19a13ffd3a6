import { describe, expect, it } from "vitest";
import { statisticsOf } from "../../../../eval/scorers/data-statistics.ts";

const entity = (type: string, boxes: number, masks = 0) => ({
  text: "x",
  type,
  start: 0,
  end: 1,
  boxes: Array.from({ length: boxes }, (): [number, number, number, number] => [0, 0, 1, 1]),
  masks: Array.from({ length: masks }, () => null),
});
const posts = [
  { id: "1", offset_unit: "token" as const, entities: [entity("LOC", 0), entity("PER", 1), entity("PER", 7)] },
  { id: "2", offset_unit: "token" as const, entities: [] },
  { id: "3", offset_unit: "token" as const, entities: [entity("PER", 0, 2)] },
];
const file = { kind: "gmner", posts, notes: [], missing: {}, counts: { objects_in_xml: 8 } };

describe("statisticsOf", () => {
  it("counts posts, entities by type, and regions by entity; an entity is groundable with a box or a mask", () => {
    expect(statisticsOf(file)).toEqual({
      kind: "gmner",
      posts: 3,
      posts_without_entity: 1,
      entities: 4,
      by_type: { PER: 3, LOC: 1 },
      groundable: 3,
      groundable_by_type: { PER: 3 },
      boxes: 10,
      entities_by_boxes: { "0": 1, "1": 1, "2": 1, "3": 0, "4": 0, "5+": 1 },
      files: { objects_in_xml: 8 },
    });
  });

  it("counts no regions where the file cannot tell them", () => {
    const { groundable, boxes, entities_by_boxes } = statisticsOf({ ...file, missing: { regions: "no boxes" } });
    expect([groundable, boxes, entities_by_boxes]).toEqual([null, null, null]);
  });
});
