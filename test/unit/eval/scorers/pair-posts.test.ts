import { describe, expect, it } from "vitest";
import type { EvaluatedFile } from "../../../../eval/readers/evaluated-file.ts";
import { pairPosts } from "../../../../eval/scorers/pair-posts.ts";
import type { EvaluatedPost } from "../../../../schemas/evaluation.ts";

const REQUEST = "req_01JD000000000000000000000";
const ted = (start: number, end: number, text = "Ted Cruz") => {
  return { text, type: "PER", start, end, boxes: [], masks: [] };
};
const post = (id: string, fields: Partial<EvaluatedPost> = {}): EvaluatedPost => {
  return { id, offset_unit: "token", entities: [], ...fields };
};
const file = (posts: EvaluatedPost[], fields: Partial<EvaluatedFile> = {}): EvaluatedFile => {
  return { kind: "posts", posts, notes: [], missing: {}, ...fields };
};

describe("pairPosts", () => {
  it("brings posts together by id, and counts what is missing, failed and not in gold as empty", () => {
    const gold = file(["1", "2", "3"].map((id) => post(id, { entities: [ted(0, 1)] })));
    const predictions = file([
      post("9", { entities: [ted(0, 1)] }),
      post("3", { error: "expired", entities: [ted(0, 1)] }),
      post("1"),
    ]);
    const { pairs, coverage } = pairPosts(gold, predictions);
    expect(pairs.map(({ gold: own, predicted }) => [own.entities.length, predicted.entities.length])).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
    expect(coverage).toEqual({ posts: 3, answered: 1, failed: ["3"], missing: ["2"], not_in_gold: ["9"] });
  });

  it("refuses predictions of other posts altogether", () => {
    const predictions = file([post("71044.jpg")]);
    expect(() => pairPosts(file([post("71044")]), predictions)).toThrow(
      "no predicted post is in gold: predictions have 71044.jpg, gold has 71044",
    );
  });

  it("compares offsets of one unit as they are", () => {
    const gold = file([post("1", { entities: [ted(1, 3)] })]);
    const { pairs, offsets } = pairPosts(gold, file([post("1", { entities: [ted(1, 3)] })]));
    expect([pairs[0]?.predicted.entities[0]?.start, offsets]).toEqual([1, undefined]);
  });

  it("turns offsets of different units into one by the tokens of gold", () => {
    const tokens = ["Hi", "Ted", "Cruz"];
    const gold = file([post("1", { tokens, entities: [ted(1, 3)] })]);
    const predictions = file([post("1", { offset_unit: "code-point", entities: [ted(3, 11)] })]);
    const { pairs, offsets } = pairPosts(gold, predictions);
    expect(pairs[0]).toMatchObject({
      text: "Hi Ted Cruz",
      gold: { offset_unit: "utf-16", entities: [{ start: 3, end: 11 }] },
      predicted: { offset_unit: "utf-16", entities: [{ start: 3, end: 11 }] },
    });
    expect(offsets).toBeUndefined();
  });

  it("says why offsets cannot be compared: units without a text, or a file without offsets", () => {
    const gold = file([post("1", { entities: [ted(1, 3)] })]);
    const units = pairPosts(gold, file([post("1", { offset_unit: "utf-16", entities: [ted(3, 11)] })]));
    expect(units.offsets).toContain("token and utf-16, and no file has the text or the tokens of post 1");
    // Numbers of different units must not be taken for equal places by a protocol that can do without.
    expect(units.pairs[0]?.predicted.entities[0]).toMatchObject({ text: "Ted Cruz", start: null, end: null });
    const rows = pairPosts(gold, file([post("1")], { missing: { offsets: "no offsets here" } }));
    expect(rows.offsets).toBe("no offsets here");
  });

  it("refuses a post with different tokens: its offsets would mean other words", () => {
    const [gold, predictions] = [file([post("1", { tokens: ["a", "b"] })]), file([post("1", { tokens: ["a b"] })])];
    expect(() => pairPosts(gold, predictions)).toThrow("post 1: gold and prediction have different tokens (2 and 1)");
  });

  it("takes answers with the ids of requests in the order of gold, if they are as many", () => {
    const gold = file([post("1"), post("2")]);
    const answers = (count: number) => file(Array.from({ length: count }, (_, index) => post(REQUEST + index)));
    const { pairs, notes } = pairPosts(gold, answers(2));
    expect(pairs.map(({ predicted }) => predicted.id)).toEqual(["1", "2"]);
    expect(notes[0]).toContain("in the order of gold");
    expect(() => pairPosts(gold, answers(1))).toThrow("1 answers, 2 posts");
  });

  it("reads names from the post where the answer spells them otherwise", () => {
    const gold = file([post("1", { tokens: ["TED", "Cruz"] })]);
    const predictions = file([post("1", { entities: [ted(0, 1, "Ted")] })], { respelled: true });
    expect(pairPosts(gold, predictions).pairs[0]?.predicted.entities[0]?.text).toBe("TED");
  });
});
