import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { readGroups } from "../../../../src/stages/mner/tag-groups.ts";

const TEXT = "Ann Lee in New York";
const token = (entity: string, word: string, start: number | null, end: number | null, index?: number) => ({
  entity,
  word,
  score: 0.8,
  start,
  end,
  ...(index === undefined ? {} : { index }),
});

describe("readGroups", () => {
  test("takes groups as they are, also in a nested list", () => {
    const group = { entity_group: "PER", word: "Ann Lee", score: 0.9, start: 0, end: 7 };
    const expected = [{ tag: "PER", score: 0.9, span: { start: 0, end: 7 } }];
    expect(readGroups([group], TEXT)).toMatchObject(expected);
    expect(readGroups([[group]], TEXT)).toMatchObject(expected);
  });

  test("joins single tokens of one name, and keeps two names apart", () => {
    const tokens = [
      token("B-PER", "Ann", 0, 3, 1),
      token("I-PER", "Lee", 4, 7, 2),
      token("B-LOC", "New", 11, 14, 4),
      token("I-LOC", "York", 15, 19, 5),
    ];
    expect(readGroups(tokens, TEXT).map(({ tag, span }) => [tag, span])).toEqual([
      ["B-PER", { start: 0, end: 7 }],
      ["B-LOC", { start: 11, end: 19 }],
    ]);
    const twoPeople = [token("B-PER", "Ann", 0, 3, 1), token("B-PER", "Lee", 4, 7, 2)];
    expect(readGroups(twoPeople, TEXT)).toHaveLength(2);
  });

  test("gives no span where the host gives none", () => {
    expect(readGroups([token("B-LOC", "▁New", null, null), token("I-LOC", "▁York", null, null)], TEXT)).toMatchObject([
      { span: null, spellings: expect.arrayContaining([" New York"]) },
    ]);
  });

  test("refuses more words than a text has, in many items or in long ones", () => {
    const group = { entity_group: "PER", word: "Ann", score: 0.9, start: 0, end: 3 };
    for (const output of [
      Array(2 * LIMITS.mentions + 1).fill(group),
      Array(2).fill(Array(LIMITS.mentions + 1).fill(group)),
      Array(LIMITS.mentions).fill({ ...group, word: "x".repeat(11) }),
      [{ ...group, word: "x".repeat(LIMITS.nameLength + 1) }],
    ]) {
      expect(() => readGroups(output, TEXT)).toThrow("invalid_output");
    }
  });

  test("joins tokens over white space of any length, and none over a word", () => {
    const spaced = `Ann${" ".repeat(50)}Lee in Rome`;
    const joined = [token("B-PER", "Ann", 0, 3), token("I-PER", "Lee", 53, 56)];
    expect(readGroups(joined, spaced)).toHaveLength(1);
    expect(readGroups([token("B-PER", "Ann", 0, 3), token("I-PER", "Rome", 60, 64)], spaced)).toHaveLength(2);
  });

  test.each([null, {}, [1], [{ word: "Ann" }]])("refuses %j", (output) => {
    expect(() => readGroups(output, TEXT)).toThrow();
  });
});
