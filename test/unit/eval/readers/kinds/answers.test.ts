import { describe, expect, it } from "vitest";
import { ANSWERS, isRequestId } from "../../../../../eval/readers/kinds/answers.ts";

const options = { role: "predictions", file: "answers.jsonl" } as const;
const MASK = { size: [2, 2], counts: "04" };
const region = (mask: unknown) => ({ id: "r1", box: { xmin: 1, ymin: 2, xmax: 3, ymax: 4 }, score: null, mask });
const mention = (start: number, end: number, tokens: unknown = null) => ({ start, end, tokens, score: 1 });
const entity = (fields: object) => {
  return {
    id: "e1",
    text: "Ted",
    type: "PER",
    score: 1,
    mentions: [mention(0, 3)],
    visible: true,
    regions: [],
    ...fields,
  };
};
const answer = (entities: unknown[]) => ({ id: "req_01JD0000000000000000000000", offset_encoding: "utf-16", entities });
const read = (...values: unknown[]) =>
  ANSWERS.read(values.map((value) => `${JSON.stringify(value)}\n`).join(""), options);

describe("ANSWERS", () => {
  it("makes every mention an entity, with the regions of what it names", async () => {
    const two = entity({ mentions: [mention(0, 3), mention(10, 13)], regions: [region(MASK), region(null)] });
    const { posts, respelled } = await read(answer([two]));
    expect(posts[0]?.offset_unit).toBe("utf-16");
    expect(posts[0]?.entities.map(({ start, end }) => [start, end])).toEqual([
      [0, 3],
      [10, 13],
    ]);
    expect(posts[0]?.entities[1]).toMatchObject({
      boxes: [
        [1, 2, 3, 4],
        [1, 2, 3, 4],
      ],
      masks: [MASK, null],
    });
    expect(respelled).toBe(true);
  });

  it.each([null, false])("takes visible: %j for no region, also where a candidate box stayed", async (visible) => {
    const { posts } = await read(answer([entity({ visible, regions: [region(MASK)] })]));
    expect(posts[0]?.entities[0]).toMatchObject({ boxes: [], masks: [] });
  });

  it("counts in tokens where the request had tokens", async () => {
    const mentions = [mention(4, 7, { start: 1, end: 2 })];
    const { posts } = await read(answer([entity({ mentions })]));
    expect(posts[0]).toMatchObject({ offset_unit: "token", entities: [{ start: 1, end: 2 }] });
  });

  it("reads a batch's results by the caller's ids, and those without an answer as failed", async () => {
    const { posts } = await read(
      { number: 1, line: 2, id: "8", state: "succeeded", answer: answer([entity({})]), problem: null },
      { number: 2, line: 1, id: "7", state: "expired", answer: null, problem: null },
    );
    expect(posts).toMatchObject([
      { id: "8", entities: [{ text: "Ted" }] },
      { id: "7", entities: [], error: "expired" },
    ]);
  });

  it("says the code and the detail of the problem of a post that failed, in short", async () => {
    const failed = { number: 1, line: 1, id: "7", state: "failed", answer: null };
    const problem = { code: "stage_failed", detail: "The mention recognition failed.", status: 502 };
    const { posts } = await read(
      { ...failed, problem },
      { ...failed, id: "8", problem: { ...problem, detail: "a".repeat(300) } },
    );
    expect(posts[0]?.error).toBe("stage_failed: The mention recognition failed.");
    expect(posts[1]?.error).toBe(`stage_failed: ${"a".repeat(186)}…`);
  });

  it("reads masks of every form", async () => {
    const polygon = { size: [2, 2], polygons: [[[0, 0, 2, 0, 2, 2, 0, 2]]] };
    const { posts } = await read(answer([entity({ regions: [region(polygon)] })]));
    expect(posts[0]?.entities[0]?.masks).toEqual([MASK]);
  });

  it("says which answer is none", async () => {
    await expect(read(answer([]), { id: "2", offset_encoding: "utf-16", entities: [{}] })).rejects.toThrow("answer 2");
  });
});

describe("isRequestId", () => {
  it("tells the ids of requests from those of posts", () => {
    expect(["req_01JD0000000000000000000000", "req_01JD0000000000000000000000-12"].every(isRequestId)).toBe(true);
    expect(["71044", "17_06_4466", "req_1"].some(isRequestId)).toBe(false);
  });
});
