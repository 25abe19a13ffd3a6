import { expect, it } from "vitest";
import { examplesTable } from "../../../../eval/report/examples-table.ts";

it("prints a row for each system in percent, and a dash for the IoU when no post led to a mask", () => {
  const counts = { right_boxes: 1, visible: 2, rightly_none: 3, invisible: 4, right_answers: 4, entities: 6 };
  const system = (f1: number) => ({ precision: 0.5, recall: 1, f1, ...counts });
  const table = examplesTable({
    posts: 3,
    found: 5,
    spurious: 1,
    systems: { ours: system(0.7804), always_no: system(0), always_largest_person: system(0.25) },
    masks: [{ mask: "masks/cat.json", iou: null, posts: 2, answered: 0 }],
  });
  expect(table).toContain(
    "3 posts; 5 of 6 gold entities found by exact span (any type), other entities in the answers: 1.",
  );
  expect(table).toMatch(/^ours +50\.0 +100\.0 +78\.0 +1\/2 +3\/4 +4\/6$/m);
  expect(table).toMatch(/^always no .* 0\.0 /m);
  expect(table).toContain("masks/cat.json: IoU -, mean over the 0 of 2 posts that led to a mask");
});
