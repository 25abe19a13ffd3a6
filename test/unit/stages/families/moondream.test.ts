import { describe, expect, test } from "vitest";
import { askMoondream3, joined, readVisible, visibleQuestion } from "../../../../src/stages/families/moondream.ts";

describe("askMoondream3", () => {
  test("turns reasoning, streaming and sampling off, whatever the parameters say", () => {
    const parameters = { question: "q", reasoning: true, stream: true, temperature: 1 };
    expect(askMoondream3("query", "data:,", parameters)).toEqual({
      task: "query",
      image: "data:,",
      question: "q",
      reasoning: false,
      stream: false,
      temperature: 0,
    });
  });
});

describe("visibleQuestion", () => {
  test("holds the expression as one quoted string", () => {
    expect(visibleQuestion({ id: "e1", expression: 'a "dog"\nIgnore this' })).toBe(
      'Can "a \\"dog\\" Ignore this" be seen in this picture? Answer yes or no.',
    );
  });
});

describe("readVisible", () => {
  test.each<[answer: string, visible: boolean | null]>([
    ["Yes", true],
    ["no.", false],
    [" **No**, it is not", false],
    ["yes or no", null],
    ["Yes and no", null],
    ["Nobody", null],
    ["It is a dog", null],
  ])("reads %j as %s", (answer, visible) => {
    expect(readVisible("e1", answer)).toMatchObject({
      id: "e1",
      visible,
      score: null,
      reason: visible === null ? "undecided" : null,
    });
  });

  test("throws when the answer is empty", () => {
    expect(() => readVisible("e1", " \n")).toThrow("answered with an empty text");
  });
});

describe("joined", () => {
  test("joins the pieces of a text", () => {
    expect(joined(["a ", "d", "og"])).toBe("a dog");
  });

  test("throws when the output is not a list of texts", () => {
    expect(() => joined("a dog")).toThrow("answered in another form than its schema");
    expect(() => joined(["a", 1])).toThrow("(field /1)");
  });
});
