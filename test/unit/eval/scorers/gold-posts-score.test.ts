import { expect, test } from "vitest";
import { goldPostsTable } from "../../../../eval/report/gold-posts-table.ts";
import { scorePosts } from "../../../../eval/scorers/gold-posts-score.ts";

const name = (start: number, end: number, type: "PER" | "LOC") => ({ text: "", start, end, type });
const posts = [
  { id: "1", kind: "lines", text: "", entities: [name(0, 4, "PER"), name(5, 9, "LOC")] },
  { id: "2", kind: "plain", text: "", entities: [] },
  { id: "3", kind: "plain", text: "", entities: [name(0, 4, "PER")] },
];

test("counts a name as right when its span and its type agree", () => {
  const report = scorePosts(posts, [[name(0, 4, "PER"), name(5, 8, "LOC")], [], [name(0, 4, "LOC")]]);
  expect(report).toMatchObject({ posts: 3, gold: 3, predicted: 3, right: 1 });
  expect(report.by_kind).toMatchObject({ lines: { posts: 1, right: 1, recall: 50 }, plain: { posts: 2, right: 0 } });
});

test("prints a row for each kind", () => {
  const table = goldPostsTable(scorePosts(posts, [[name(0, 4, "PER")], [], []]));
  expect(table.split("\n").at(-2)).toMatch(/^lines: 1 of 2 +100\.00 +50\.00 +66\.67$/);
});
