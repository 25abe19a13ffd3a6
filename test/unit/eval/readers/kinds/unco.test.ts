import { describe, expect, it } from "vitest";
import { UNCO } from "../../../../../eval/readers/kinds/unco.ts";

const row = (start: number, end: number, box: number[], phrase = "Ted Cruz") => {
  return { start, end, entity_type: "MISC", phrase, region_box: box };
};
const read = (role: "gold" | "predictions", value: unknown) =>
  UNCO.read(JSON.stringify(value), { role, file: "a.json" });

describe("UNCO", () => {
  it("reads inclusive ends, and rows that differ in their box alone as one entity", async () => {
    const rows = [row(0, 1, [1, 2, 3, 4]), row(3, 3, [], "ESA"), row(0, 1, [5, 6, 7, 8])];
    const { posts, missing } = await read("gold", [
      { tokens: ["Ted", "Cruz", "at", "ESA"], image_id: "7.jpg", gt_entities: rows },
    ]);
    expect(posts).toMatchObject([
      {
        id: "7",
        entities: [
          {
            text: "Ted Cruz",
            type: "OTHER",
            start: 0,
            end: 2,
            boxes: [
              [1, 2, 3, 4],
              [5, 6, 7, 8],
            ],
          },
          { text: "ESA", start: 3, end: 4, boxes: [] },
        ],
      },
    ]);
    expect(missing).toEqual({});
  });

  it("takes the side that the file is read for, and says that SAKE's predictions have no offsets", async () => {
    const pre_entities = [{ entity_type: "PER", phrase: "Ted", region_box: [] }];
    const value = [{ img_id: "7.jpg", gt_entities: [], pre_entities }];
    const { posts, missing } = await read("predictions", value);
    expect(posts[0]?.entities).toMatchObject([{ text: "Ted", start: null }]);
    expect(missing.offsets).toContain("post 7");
    expect((await read("gold", value)).posts[0]?.entities).toEqual([]);
  });

  it("says which item has no id or not the side that is asked for", async () => {
    await expect(read("gold", [{ gt_entities: [] }])).rejects.toThrow("item 1 has no image_id");
    await expect(read("gold", [{ img_id: "7", pre_entities: [] }])).rejects.toThrow("item 1 has no gt_entities");
  });
});
