import { expect, it } from "vitest";
import { statisticsTable } from "../../../../eval/report/statistics-table.ts";

const set = {
  kind: "gmner",
  posts: 7_000,
  posts_without_entity: 358,
  entities: 11_779,
  by_type: { PER: 11_778, LOC: 1 },
  groundable: 3,
  groundable_by_type: { PER: 3 },
  boxes: 4,
  entities_by_boxes: { "0": 11_776, "1": 2, "2": 1 },
  files: { objects_in_xml: 4 },
};

it("has a column for each file, a dash where a file cannot tell, and the pictures below", () => {
  const textAlone = {
    ...set,
    groundable: null,
    groundable_by_type: null,
    boxes: null,
    entities_by_boxes: null,
    files: {},
  };
  const missing = Array.from({ length: 22 }, (_, index) => `m${index}`);
  const pictures = { posts: 7_000, missing, broken: ["b1"], repeated: [["1", "2", "3"]] };
  const table = statisticsTable({ "train.txt": { ...set, pictures }, "dev.txt": { ...textAlone, pictures: null } });
  expect(table).toMatch(/^entities +11,779 +11,779$/m);
  expect(table).toMatch(/^groundable +3 +–$/m);
  expect(table).toMatch(/^ {2}LOC +1 +1$/m);
  expect(table).toMatch(/^objects in xml +4 +–$/m);
  expect(table).toContain("pictures of train.txt: 6978 of 7000 posts have one; 1 are broken; 3 posts share 1 files");
  expect(table).toContain("m19 and 2 more (--json lists all)");
  expect(table).toContain("one file, 3 posts: 1 2 3");
});
