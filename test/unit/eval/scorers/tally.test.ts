import { describe, expect, it } from "vitest";
import type { PostRows, Protocol, Task } from "../../../../eval/scorers/protocols/protocol.ts";
import { tallyOf, totalOf } from "../../../../eval/scorers/tally.ts";
import { post } from "../../../support/evaluated-posts.ts";

const options = { maskIou: 0.5, candidates: null };
const rowsOf = (...types: string[]) => types.map((type) => ({ type }));

/** What is counted of posts for which a protocol gives these rows. */
function tally(rows: PostRows[], task: Task = "gmner") {
  const left = [...rows];
  const protocol: Protocol = {
    name: "test",
    tasks: ["gmner"],
    byOffsets: true,
    count: () => left.shift() ?? { right: [], predicted: [], gold: [] },
  };
  const pairs = rows.map(() => ({ gold: post(), predicted: post(), text: null }));
  return tallyOf(pairs, protocol, { ...options, task });
}

describe("tallyOf", () => {
  const rows = [
    { right: rowsOf("PER"), predicted: rowsOf("PER", "ORG"), gold: rowsOf("PER", "PER") },
    { right: [], predicted: [], gold: rowsOf("LOC") },
  ];

  it("keeps the counts of each post, and adds them up", () => {
    const { counts } = tally(rows);
    expect([...counts]).toEqual([1, 2, 2, 0, 0, 1]);
    expect(totalOf(counts)).toEqual({ right: 1, predicted: 2, gold: 3 });
  });

  it("counts each row by its own type, the most frequent gold type first", () => {
    const { byType } = tally(rows);
    expect(Object.keys(byType)).toEqual(["PER", "LOC", "ORG"]);
    expect(byType).toMatchObject({
      PER: { right: 1, predicted: 1, gold: 2, recall: 0.5 },
      LOC: { precision: null, recall: 0 },
      ORG: { precision: 0, recall: null },
    });
  });

  it("has no types for EEG", () => {
    expect(tally(rows, "eeg").byType).toEqual({});
  });

  it("averages the IoU over entities and not over posts, and gives null without any", () => {
    const shown = (...ious: number[]) => ({ right: [], predicted: [], gold: [], ious });
    expect(tally([shown(1), shown(0, 0.5), shown()]).meanIou).toBe(0.5);
    expect(tally(rows).meanIou).toBeNull();
  });
});
